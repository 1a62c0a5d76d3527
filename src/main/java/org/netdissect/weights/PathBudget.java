package org.netdissect.weights;

import java.nio.file.Path;
import org.netdissect.base.InputException;

/** Bounds the walk through a pickle, which may name one module or one long key again and again at no cost. */
final class PathBudget {
    /** Greatest length of a tensor's name or a path. */
    static final int MAX_NAME = 1000;

    /** Of all paths; the largest tested network has 100,000. */
    private static final long MAX_CHARACTERS = 1 << 25;

    private static final long MAX_VISITS = 2_000_000;

    private final Path file;
    private long characters;
    private long visits;

    /** Starts anew; {@code file} is named in errors. */
    PathBudget(Path file) {
        this.file = file;
    }

    /** Counts values that are looked at. */
    void visit(int values) {
        visits += values;
        if (visits > MAX_VISITS) {
            throw refused();
        }
    }

    /**
     * A path and a name after it.
     *
     * @throws InputException if it is too long, or paths are in total
     */
    String joined(String path, String name) {
        int length = path.length() + name.length();
        characters += length;
        if (length > MAX_NAME || characters > MAX_CHARACTERS) {
            throw refused();
        }
        return path + name;
    }

    InputException refused() {
        return new InputException(
                file + ": has too many modules or dictionaries, or names that are too long, or it contains itself");
    }
}
