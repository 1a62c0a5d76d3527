package org.netdissect.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.Rasters;

/** The images of a probe set as network input, batch by batch. Thread-safe. */
public final class ImageBatches {
    private final ProbeSet probe;
    private final InputEncoder encoder;
    private final int batchSize;
    private final boolean resize;

    /**
     * Batches of the probe set's images, in order.
     *
     * @param resize whether images of another size than the input's are resized; else they are an error
     */
    public ImageBatches(ProbeSet probe, InputEncoder encoder, int batchSize, boolean resize) {
        this.probe = probe;
        this.encoder = encoder;
        this.batchSize = Math.min(batchSize, probe.images().size());
        this.resize = resize;
    }

    /** The same images in batches of another size. */
    ImageBatches of(int otherSize) {
        return new ImageBatches(probe, encoder, otherSize, resize);
    }

    /** Number of images. */
    int images() {
        return probe.images().size();
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
        List<ProbeImage> images = probe.images().subList(first, Math.min(first + batchSize, images()));
        for (int slot = 0; slot < images.size(); slot++) {
            ProbeImage image = images.get(slot);
            GridSize size = image.imageSize();
            if (!resize && !size.equals(inputSize())) {
                throw new InputException("index.csv:" + image.row() + ": image " + image.file() + " is " + size
                        + ", others are " + inputSize() + "; give --input-size H,W and all are resized to it");
            }
            encoder.encode(read(image), size, batch, slot);
        }
        return images.size();
    }

    private byte[] read(ProbeImage image) throws IOException {
        try {
            return Rasters.readRgb(probe.imageFile(image), image.imageSize());
        } catch (InputException e) {
            throw new InputException(
                    "index.csv:" + image.row() + ": " + e.getMessage() + "; 'netdissect check " + probe.folder()
                            + "' lists every fault, --skip-unreadable leaves such images out",
                    e);
        }
    }
}
