package org.netdissect.weights;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.FuzzFolder;
import org.netdissect.base.InputException;

/** Reads everything in a file of weights, for fuzz targets. */
final class FuzzedWeights {
    private static final long MOST_BYTES = 1 << 20;

    private FuzzedWeights() {}

    /** Reads a file that may be refused in one line. */
    static void read(Path file) throws IOException {
        // errors of an index may name another file of its folder
        String name = String.valueOf(file.getParent());
        try (WeightsFile weights = WeightsFile.open(file)) {
            for (@Nullable String key : new @Nullable String[] {null, ".", "a", "a.b"}) {
                try {
                    read(weights, key);
                } catch (InputException e) {
                    FuzzFolder.expectClear(e, name);
                }
            }
        } catch (InputException e) {
            FuzzFolder.expectClear(e, name);
        }
    }

    private static void read(WeightsFile weights, @Nullable String key) throws IOException {
        weights.module(key).ifPresent(module -> module.children().values().forEach(PickledModule::type));
        TensorSet set = weights.tensors(key);
        if (TensorNames.stripped(set.tensors().keySet()).size() != set.tensors().size()) {
            throw new AssertionError("names were lost");
        }
        for (StoredTensor tensor : set.tensors().values()) {
            if (tensor.bytes() <= MOST_BYTES) {
                long[] written = new long[1];
                tensor.writeTo(new OutputStream() {
                    @Override
                    public void write(int value) {
                        written[0]++;
                    }

                    @Override
                    public void write(byte[] bytes, int start, int count) {
                        written[0] += count;
                    }
                });
                if (written[0] != tensor.bytes() || tensor.values().length != tensor.count()) {
                    throw new AssertionError(tensor.label() + ": " + written[0] + " of " + tensor.bytes() + " bytes");
                }
            }
        }
    }
}
