package org.netdissect.align;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * Keeps masks by image in a temporary file that is deleted on close: about 80 bytes for each image and unit with a
 * mask. Aligners of several threads write it; it is read by image after they have ended.
 */
public final class MaskFile implements MaskConsumer, AutoCloseable {
    private final FileChannel channel;
    private final AtomicLong end = new AtomicLong();
    /** [images] start of the record in bytes, and its length in {@link #length} */
    private final long[] offset;

    private final int[] length;
    /** [images] positions of the categories that the image holds a label of */
    private final BitSet[] held;
    /** [units] sum of |M_k| over the chosen images */
    private final AtomicLongArray pixels;
    /** images whose masks are kept */
    private final BitSet chosen = new BitSet();

    /** An empty file for all images. */
    public MaskFile(Path folder, int images, int units) throws IOException {
        this(folder, images, IntStream.range(0, images).toArray(), units);
    }

    /**
     * An empty file in {@code folder}; where the system allows, it has no name there.
     *
     * @param images number of images
     * @param chosen positions of the images whose masks are kept
     */
    public MaskFile(Path folder, int images, int[] chosen, int units) throws IOException {
        Files.createDirectories(folder);
        this.channel = FileChannel.open(
                folder.resolve(".masks-" + UUID.randomUUID() + ".tmp"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        this.offset = new long[images];
        this.length = new int[images];
        this.held = new BitSet[images];
        this.pixels = new AtomicLongArray(units);
        java.util.Arrays.setAll(held, image -> new BitSet());
        java.util.Arrays.stream(chosen).forEach(this.chosen::set);
    }

    @Override
    public OfImage begin(int image, ImageLabels labels) {
        if (!chosen.get(image)) {
            return (unit, map, mask) -> {};
        }
        held[image] = labels.held();
        Encoder encoder = new Encoder(this);
        return new OfImage() {
            @Override
            public void accept(int unit, float[] map, MaskPixels mask) {
                encoder.add(unit, mask.pixels(), mask.count());
            }

            @Override
            public void end() throws IOException {
                encoder.end(image);
            }
        };
    }

    void addPixels(int unit, int count) {
        pixels.addAndGet(unit, count);
    }

    void write(int image, ByteBuffer record) throws IOException {
        length[image] = record.remaining();
        offset[image] = end.getAndAdd(record.remaining());
        for (long at = offset[image]; record.hasRemaining(); ) {
            at += channel.write(record, at);
        }
    }

    /** Number of images. */
    public int images() {
        return held.length;
    }

    /** Positions of the categories that an image holds a label of; a copy. */
    public BitSet held(int image) {
        return (BitSet) held[image].clone();
    }

    /** Sum of |M_k| over the chosen images. */
    public long pixels(int unit) {
        return pixels.get(unit);
    }

    /** Reads the masks of the units {@code from .. until - 1} on an image. */
    public MaskWords read(int image, int from, int until) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(length[image]);
        while (record.hasRemaining()) {
            if (channel.read(record, offset[image] + record.position()) < 0) {
                throw new IOException("the masks' temporary file ends at " + channel.size() + " bytes");
            }
        }
        return MaskWords.decode(record.flip(), from, until);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /**
     * Encodes and writes the masks of one image after another; one encoder per thread.
     *
     * <p>The record of an image has, for each unit with a mask in ascending order, the distance from the previous unit,
     * the number of runs, and for each run of pixels in row-major order the gap before it and its length; all are
     * varints.
     */
    static final class Encoder {
        private final MaskFile file;
        private final BitSet bits = new BitSet();
        private final PackedOutput record = new PackedOutput();
        private int lastUnit;

        Encoder(MaskFile file) {
            this.file = file;
        }

        /** Adds the mask {@code pixels[0 .. count-1]} of the current image, at least one pixel, in any order. */
        void add(int unit, int[] pixels, int count) {
            for (int i = 0; i < count; ) {
                int from = pixels[i];
                int until = from;
                while (i < count && pixels[i] == until) {
                    until++;
                    i++;
                }
                bits.set(from, until);
            }
            record.number(unit - lastUnit);
            lastUnit = unit;
            record.number(runs());
            int after = 0;
            for (int from = bits.nextSetBit(0); from >= 0; from = bits.nextSetBit(after)) {
                record.number(from - after);
                after = bits.nextClearBit(from);
                record.number(after - from);
            }
            bits.clear();
            file.addPixels(unit, count);
        }

        private int runs() {
            int runs = 0;
            for (int at = bits.nextSetBit(0); at >= 0; at = bits.nextSetBit(bits.nextClearBit(at))) {
                runs++;
            }
            return runs;
        }

        /** Ends an image and writes its masks. */
        void end(int image) throws IOException {
            file.write(image, record.end());
            record.clear();
            lastUnit = 0;
        }
    }
}
