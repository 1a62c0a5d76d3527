package org.netdissect.activation.cache;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Entry in a cache folder that is not of the cache: never read, never deleted.
 *
 * @param kind such as {@code a symbolic link, not followed}
 */
record ForeignEntry(Path path, String kind) {
    static ForeignEntry of(Path path) {
        return new ForeignEntry(
                path, Files.isSymbolicLink(path) ? "a symbolic link, not followed" : "not of a netdissect cache");
    }

    /** One line. */
    @Override
    public String toString() {
        return path + ": " + kind;
    }
}
