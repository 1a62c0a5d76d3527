package org.netdissect.activation.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.cache.direct.SpanOutput;
import org.netdissect.base.Workers;

/** Writes a span of one layer's array, image after image. For one thread. */
public final class SpanWriter {
    private final Manifest manifest;
    private final SpanOutput output;
    private final int firstImage;
    private final int lastImage;
    private final List<String> checksums = new ArrayList<>();
    private final CRC32C crc = new CRC32C();
    private int next;

    SpanWriter(Manifest manifest, SpanOutput output, int firstImage, int lastImage) {
        this.manifest = manifest;
        this.output = output;
        this.firstImage = firstImage;
        this.lastImage = lastImage;
        this.next = firstImage;
        boolean whole = lastImage == manifest.images() || lastImage % manifest.chunkImages() == 0;
        if (firstImage % manifest.chunkImages() != 0 || !whole) {
            throw new IllegalArgumentException(
                    "images " + firstImage + " to " + lastImage + " are no whole number of chunks");
        }
    }

    /**
     * A finished span.
     *
     * @param lastImage position after the last image
     * @param checksums of its chunks
     * @param writes that may still be running; the computing thread need not wait for them
     */
    public record Written(int firstImage, int lastImage, List<String> checksums, List<Future<?>> writes) {
        /** Waits until all bytes are in the file; throws the failure of a write. */
        void await() throws IOException {
            for (Future<?> write : writes) {
                Workers.get(write);
            }
        }
    }

    /** Writes the next images. */
    public void write(ActivationBlock block) throws IOException {
        if (block.firstImage() != next || next + block.images() > lastImage) {
            throw new IllegalArgumentException("images " + block.firstImage() + " to "
                    + (block.firstImage() + block.images()) + ", expected from " + next + " to " + lastImage);
        }
        output.write(block.bytes(0, block.images()));
        int from = 0;
        while (from < block.images()) {
            int chunk = next / manifest.chunkImages();
            int end = manifest.firstImage(chunk) + manifest.images(chunk);
            int to = Math.min(block.images(), end - block.firstImage());
            crc.update(block.bytes(from, to));
            next += to - from;
            from = to;
            if (next == end) {
                checksums.add(LayerFile.text(crc));
                crc.reset();
            }
        }
    }

    /** After the last image. */
    public Written end() {
        if (next != lastImage) {
            throw new IllegalStateException("images from " + next + " to " + lastImage + " are missing");
        }
        return new Written(firstImage, lastImage, List.copyOf(checksums), output.end());
    }
}
