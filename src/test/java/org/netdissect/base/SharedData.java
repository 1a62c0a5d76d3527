package org.netdissect.base;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real data beside the project, which some tests compare with; they are skipped where it is absent. */
public final class SharedData {
    private SharedData() {}

    /** A file or folder of it; skips the test where there is none. NETDISSECT_SHARED says where the data is. */
    public static Path require(String name) {
        String root = System.getenv("NETDISSECT_SHARED");
        Path path = Path.of(root == null || root.isEmpty() ? "../shared" : root).resolve(name);
        assumeTrue(Files.exists(path), () -> "skipped: no " + path + " (set NETDISSECT_SHARED to the data's folder)");
        return path;
    }
}
