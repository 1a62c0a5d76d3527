package org.netdissect.network;

import java.nio.ByteBuffer;
import org.netdissect.base.GridSize;
import org.netdissect.base.RunException;

/**
 * Makes a batch of equal copies of one image. The engine's last digits depend on the batch size, so an image has the
 * activations of a run only in a batch as large as the run's.
 */
public final class ImageInput {
    private ImageInput() {}

    private static InputBatch of(byte[] rgb, GridSize size, InputEncoder encoder, int copies) {
        ByteBuffer values = encoder.newBuffer(copies);
        for (int slot = 0; slot < copies; slot++) {
            encoder.encode(rgb, size, values, slot);
        }
        return encoder.batch(values, copies);
    }

    /**
     * Encodes an image after {@link Trial a trial} with it; there is one copy where the network runs one image at a
     * time.
     *
     * @param rgb interleaved {@code [height][width][3]}, resized where its size is not the input's
     * @param copies images in the batch, at least 1
     * @throws RunException where the network fails
     */
    public static InputBatch tried(
            byte[] rgb, GridSize size, InputEncoder encoder, int copies, TappedForward network, MemoryFormat wanted) {
        InputBatch first = of(rgb, size, encoder, Math.min(copies, Trial.PAIR));
        // as in a run, a memory format that the network does not take is no error
        Trial.Outcome outcome = Trial.of(network, first, wanted);
        return of(rgb, size, encoder, outcome.oneByOne() ? 1 : copies);
    }
}
