package org.netdissect.network;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.netdissect.base.GridSize;
import org.netdissect.base.RunException;

/**
 * One image as input of a network: a batch of equal copies. The engine's last digits depend on the size of the batch, so
 * that an image of a run gets that run's activations only in a batch as large.
 */
public final class ImageInput {
    private final ByteBuffer batch;
    private final int copies;
    private final GridSize inputSize;

    private ImageInput(byte[] rgb, GridSize size, InputEncoder encoder, int copies) {
        this.batch = encoder.newBuffer(copies);
        this.copies = copies;
        this.inputSize = encoder.inputSize();
        for (int slot = 0; slot < copies; slot++) {
            encoder.encode(rgb, size, batch, slot);
        }
    }

    /**
     * Encodes an image, after {@link Trial a trial} with it: where the network runs one image at a time, as it did in the
     * run, there is one copy.
     *
     * @param rgb interleaved {@code [height][width][3]}, resized where its size is not the input's
     * @param copies images in the batch, at least 1
     * @throws RunException where the network fails
     */
    public static ImageInput tried(
            byte[] rgb, GridSize size, InputEncoder encoder, int copies, Network network, MemoryFormat wanted) {
        int images = Math.min(copies, Trial.PAIR);
        ImageInput first = new ImageInput(rgb, size, encoder, images);
        if (images == Trial.PAIR) {
            Trial.tellApart(first.batch);
        }
        // where another order of memory is refused, the run went on without, and so does this
        Trial.Outcome outcome = Trial.of(network, first.batch, images, encoder.inputSize(), wanted);
        return new ImageInput(rgb, size, encoder, outcome.oneByOne() ? 1 : copies);
    }

    /** One forward pass; the tapped layers' outputs, of which image 0 is the image, are to be closed. */
    public LayerOutputs forward(Network network) {
        return network.forward(batch, copies, inputSize);
    }

    /**
     * What the network itself gives for the image: its first output, if that is one row of numbers for each image.
     *
     * @return {@code [classes]}, or nothing for an output of another shape
     * @throws RunException where the network fails
     */
    public Optional<float[]> scores(Network network) {
        return network.scores(batch, copies, inputSize);
    }
}
