package org.netdissect.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.netdissect.base.FuzzFolder;

/** Any bytes as a checkpoint of PyTorch before 1.6. */
public final class LegacyFuzz {
    private static final Path FOLDER = FuzzFolder.create();

    private LegacyFuzz() {}

    /** Entry for Jazzer, and for FuzzRegressionTest with Jazzer's findings. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        FuzzedWeights.read(Files.write(FOLDER.resolve("fuzz.pth"), data));
    }
}
