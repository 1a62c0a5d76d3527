package org.netdissect.broden;

import org.jspecify.annotations.Nullable;

/** Names of files in tables: below their folder on every operating system, or refused. */
final class RelativePaths {
    private RelativePaths() {}

    /** What is wrong with a name that shall stay below its folder, or null. Links out of the folder are allowed. */
    static @Nullable String fault(String name) {
        if (name.isEmpty()) {
            return "empty, expected a file name";
        }
        if (name.indexOf('\\') >= 0 || name.indexOf(':') == 1 || name.chars().anyMatch(c -> c < ' ')) {
            return "'" + printable(name) + "': a file name here has no backslash, drive letter or control character";
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return "'" + name + "': leaves its folder or is not plain; expected a relative path such as a/b.jpg";
            }
        }
        return null;
    }

    private static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }
}
