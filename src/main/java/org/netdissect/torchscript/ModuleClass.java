package org.netdissect.torchscript;

import java.util.Map;

/**
 * A class of the archive.
 *
 * @param name qualified, {@code __torch__.torch.nn.modules.conv.Conv2d}
 * @param entry the archive entry that defines it
 */
record ModuleClass(String name, String entry, ClassDef definition, Map<String, MethodDef> methods) {
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
