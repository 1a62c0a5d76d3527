package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.netdissect.base.FuzzFolder;
import org.netdissect.base.InputException;

/** Any bytes as a file of thresholds: a NumPy array, or after a first byte {@code c} a CSV table. */
public final class ThresholdFuzz {
    private static final Path FOLDER = FuzzFolder.create();

    private ThresholdFuzz() {}

    /** Entry for Jazzer, and for FuzzRegressionTest with Jazzer's findings. */
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
