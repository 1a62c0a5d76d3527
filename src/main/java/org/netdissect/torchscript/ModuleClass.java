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

    /** Of a class as keys of maps need it: that of the whole definition takes longer than reading it did. */
    @Override
    public int hashCode() {
        return name.hashCode();
    }

    boolean isInterface() {
        return definition.kind() == ClassDef.Kind.MODULE_INTERFACE;
    }
}
