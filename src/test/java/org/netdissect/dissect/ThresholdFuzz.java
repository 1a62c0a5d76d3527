package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.netdissect.base.FuzzFolder;
import org.netdissect.base.InputException;

/** Any bytes as a file of thresholds: a NumPy array, or, where the first byte is a {@code c}, a CSV table after it. */
public final class ThresholdFuzz {
    private static final Path FOLDER = FuzzFolder.create();

    private ThresholdFuzz() {}

    /** Called by Jazzer, and by FuzzRegressionTest with what Jazzer found. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        boolean csv = data.length > 0 && data[0] == 'c';
        Path file = FOLDER.resolve(csv ? "fuzz.csv" : "fuzz.npy");
        Files.write(file, csv ? Arrays.copyOfRange(data, 1, data.length) : data);
        try {
            float[] values = ThresholdFile.read(file).thresholds().toArray();
            for (float value : values) {
                if (!Float.isFinite(value)) {
                    throw new AssertionError("a threshold of " + value);
                }
            }
        } catch (InputException e) {
            FuzzFolder.expectClear(e, file.toString());
        }
    }
}
