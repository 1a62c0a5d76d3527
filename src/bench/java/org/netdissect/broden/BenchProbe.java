package org.netdissect.broden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The probe set that kernels are measured on: NETDISSECT_SHARED's (default ../shared), else the bundled sample. */
public final class BenchProbe {
    private BenchProbe() {}

    /** Where it lies. */
    public static Path folder() {
        String root = System.getenv("NETDISSECT_SHARED");
        Path shared =
                Path.of(root == null || root.isEmpty() ? "../shared" : root).resolve("probe");
        return Files.exists(shared) ? shared : Path.of("broden-sample");
    }

    /** Its tables. */
    public static ProbeSet open() {
        try {
            return ProbeSet.open(folder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
