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

    /**
     * Encodes an image.
     *
     * @param rgb interleaved {@code [height][width][3]}, resized where its size is not the input's
     * @param copies images in the batch, at least 1
     */
    public ImageInput(byte[] rgb, GridSize size, InputEncoder encoder, int copies) {
        this.batch = encoder.newBuffer(copies);
        this.copies = copies;
        this.inputSize = encoder.inputSize();
        for (int slot = 0; slot < copies; slot++) {
            encoder.encode(rgb, size, batch, slot);
        }
    }

    /** Takes the network to channels-last as {@link ForwardPass#preferChannelsLast} does; says why it cannot. */
    public Optional<String> preferChannelsLast(Network network) {
        return network.preferChannelsLast(batch, Math.min(copies, 2), inputSize);
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
