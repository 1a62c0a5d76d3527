package org.netdissect.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.images.ImageSource;

/** Images as network input, batch by batch. Thread-safe. */
public final class ImageBatches {
    private final ImageSource images;
    private final InputEncoder encoder;
    private final int batchSize;
    private final boolean resize;

    /**
     * Batches of the images, in order.
     *
     * @param resize whether images of another size than the input's are resized; else they are an error
     */
    public ImageBatches(ImageSource images, InputEncoder encoder, int batchSize, boolean resize) {
        this.images = images;
        this.encoder = encoder;
        this.batchSize = Math.min(batchSize, images.count());
        this.resize = resize;
    }

    /** The same images in batches of another size. */
    ImageBatches of(int otherSize) {
        return new ImageBatches(images, encoder, otherSize, resize);
    }

    /** Number of images. */
    int images() {
        return images.count();
    }

    /** Images per batch; the last may have fewer. */
    int batchSize() {
        return batchSize;
    }

    GridSize inputSize() {
        return encoder.inputSize();
    }

    ByteBuffer newBuffer() {
        return encoder.newBuffer(batchSize);
    }

    /** The first {@code images} images of a buffer. */
    InputBatch input(ByteBuffer values, int images) {
        return encoder.batch(values, images);
    }

    /**
     * Decodes the batch that starts at image {@code first} and returns the number of its images.
     *
     * @throws InputException where an image cannot be decoded or has another size; the message names it
     */
    int decode(int first, ByteBuffer batch) throws IOException {
        int count = Math.min(batchSize, images() - first);
        for (int slot = 0; slot < count; slot++) {
            int image = first + slot;
            GridSize size = images.imageSize(image);
            if (!resize && !size.equals(inputSize())) {
                throw images.refusal(
                        image,
                        "is " + size + ", others are " + inputSize()
                                + "; give --input-size H,W and all are resized to it");
            }
            encoder.encode(read(image), size, batch, slot);
        }
        return count;
    }

    private byte[] read(int image) throws IOException {
        try {
            return images.rgb(image);
        } catch (InputException e) {
            throw images.unreadable(image, e);
        }
    }
}
