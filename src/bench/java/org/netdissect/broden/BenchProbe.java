package org.netdissect.broden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Probe set for measurements of kernels: that of NETDISSECT_SHARED (default ../shared), else the bundled sample. */
public final class BenchProbe {
    private BenchProbe() {}

    /** Folder of the probe set. */
    public static Path folder() {
        String root = System.getenv("NETDISSECT_SHARED");
        Path shared =
                Path.of(root == null || root.isEmpty() ? "../shared" : root).resolve("probe");
        return Files.exists(shared) ? shared : Path.of("broden-sample");
    }

    /** Opens the probe set. */
    public static ProbeSet open() {
        try {
            return ProbeSet.open(folder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
