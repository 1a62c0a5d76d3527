package org.netdissect.torchscript;

/**
 * A module seen from another.
 *
 * @param path dotted, empty for the other module itself
 * @param type its class
 */
record Place(String path, ModuleClass type) {
    static String join(String outer, String inner) {
        return outer.isEmpty() ? inner : inner.isEmpty() ? outer : outer + "." + inner;
    }
}
