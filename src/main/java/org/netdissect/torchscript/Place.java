package org.netdissect.torchscript;

import org.netdissect.base.InputException;

/**
 * A module with its path relative to another.
 *
 * @param path dotted, empty for the other module itself
 * @param type its class
 */
public record Place(String path, ModuleClass type) {
    /** Bound far above any network, since a class may contain itself. */
    private static final int LONGEST_PATH = 1000;

    private static final int SHOWN = 60;

    public static String join(String outer, String inner) {
        String path = outer.isEmpty() ? inner : inner.isEmpty() ? outer : outer + "." + inner;
        if (path.length() > LONGEST_PATH) {
            throw new InputException("a submodule's dotted name has more than " + LONGEST_PATH + " letters: "
                    + path.substring(0, SHOWN) + "...");
        }
        return path;
    }
}
