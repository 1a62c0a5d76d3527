package org.netdissect.broden;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.Printable;

/** Checks that names of files in tables stay below their folder on every operating system. */
final class RelativePaths {
    private RelativePaths() {}

    /**
     * Describes the fault of a name that leaves its folder or is no plain path, or returns null. Links out of the
     * folder are allowed.
     */
    static @Nullable String fault(String name) {
        if (name.isEmpty()) {
            return "empty, expected a file name";
        }
        if (name.indexOf('\\') >= 0 || name.indexOf(':') == 1 || hasControl(name)) {
            return "'" + Printable.of(name) + "': a file name here has no backslash, drive letter or control character";
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return "'" + name + "': leaves its folder or is not plain; expected a relative path such as a/b.jpg";
            }
        }
        return isAscii(name) || encodable(name)
                ? null
                : "'" + Printable.of(name) + "' is no file name in this machine's encoding; set LC_ALL=C.UTF-8";
    }

    private static boolean hasControl(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** Whether all characters are ASCII, which all encodings of file names share. */
    private static boolean isAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }

    private static boolean encodable(String name) {
        try {
            return !Path.of(name).toString().isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
