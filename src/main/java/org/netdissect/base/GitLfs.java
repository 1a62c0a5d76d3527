package org.netdissect.base;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Recognises Git LFS pointers: texts of three lines in place of files that were not fetched. */
public final class GitLfs {
    /** The message for such a file, after its name. */
    public static final String POINTER =
            "is a Git LFS pointer, not the file itself; run 'git lfs pull' where it was cloned";

    // git-lfs, docs/spec.md: the first line of every pointer
    private static final String FIRST_LINE = "version https://git-lfs.github.com/spec/v1";
    private static final byte[] START = FIRST_LINE.getBytes(StandardCharsets.US_ASCII);

    /** Number of leading bytes that {@link #isPointer(byte[])} needs. */
    public static final int HEAD = FIRST_LINE.length();

    private GitLfs() {}

    /** Whether a file that starts with these bytes is a pointer. */
    public static boolean isPointer(byte[] file) {
        return file.length >= START.length && Arrays.equals(file, 0, START.length, START, 0, START.length);
    }

    /** Whether a file with this first line is a pointer. */
    public static boolean isPointer(String line) {
        return line.startsWith(FIRST_LINE);
    }
}
