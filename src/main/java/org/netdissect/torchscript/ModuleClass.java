package org.netdissect.torchscript;

import java.util.Map;
import org.netdissect.torchscript.syntax.ClassDef;
import org.netdissect.torchscript.syntax.MethodDef;

/**
 * A class of the archive.
 *
 * @param name qualified, {@code __torch__.torch.nn.modules.conv.Conv2d}
 * @param entry the archive entry that defines it
 */
public record ModuleClass(String name, String entry, ClassDef definition, Map<String, MethodDef> methods) {
    ModuleClass(String name, String entry, ClassDef definition) {
        this(name, entry, definition, definition.methods());
    }

    /** Hashes the name alone: hashing the whole syntax tree is slow. */
    @Override
    public int hashCode() {
        return name.hashCode();
    }

    boolean isInterface() {
        return definition.kind() == ClassDef.Kind.MODULE_INTERFACE;
    }
}
