package org.netdissect.base;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real data outside the project that some tests need; they are skipped without it. */
public final class SharedData {
    private SharedData() {}

    /** File or folder of this data; skips the test without it. NETDISSECT_SHARED names the folder of the data. */
    public static Path require(String name) {
        Path path = path(name);
        assumeTrue(Files.exists(path), () -> "skipped: no " + path + " (set NETDISSECT_SHARED to the data's folder)");
        return path;
    }

    /** The same without JUnit, for programs: the file or folder may be missing. */
    public static Path path(String name) {
        String root = System.getenv("NETDISSECT_SHARED");
        return Path.of(root == null || root.isEmpty() ? "../shared" : root).resolve(name);
    }
}
