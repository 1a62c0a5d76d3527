package org.netdissect.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.netdissect.base.FuzzFolder;

/** Any bytes as safetensors, or as an index of such files. */
public final class SafetensorsFuzz {
    private static final Path FOLDER = FuzzFolder.create();

    private SafetensorsFuzz() {}

    /** Entry for Jazzer, and for FuzzRegressionTest with Jazzer's findings. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        String name = data.length > 0 && data[0] == '{' ? "fuzz.json" : "fuzz.safetensors";
        FuzzedWeights.read(Files.write(FOLDER.resolve(name), data));
    }
}
