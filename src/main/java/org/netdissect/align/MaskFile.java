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
 * Keeps masks by image in a temporary file that is gone when it is closed: some 80 bytes for each image and unit with a
 * mask. Written by the aligners of several threads, and read by image once these have ended.
 */
public final class MaskFile implements MaskConsumer, AutoCloseable {
    private final FileChannel channel;
    private final AtomicLong end = new AtomicLong();
    /** [images] start and length in bytes of its record */
    private final long[] offset;

    private final int[] length;
    /** [images] positions of the categories that it holds a label of */
    private final BitSet[] held;
    /** [units] sum of |M_k| over the images that it is for */
    private final AtomicLongArray pixels;
    /** the images that it is for */
    private final BitSet chosen = new BitSet();

    /** An empty one of all images. */
    public MaskFile(Path folder, int images, int units) throws IOException {
        this(folder, images, IntStream.range(0, images).toArray(), units);
    }

    /**
     * An empty one. The file is in {@code folder}, without a name where the system allows that.
     *
     * @param images number of images
     * @param chosen those of them whose masks it takes
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

    /** Positions of the categories that an image holds a label of, as activation is summed over images. */
    public BitSet held(int image) {
        return (BitSet) held[image].clone();
    }

    /** Sum of |M_k| over the images that it is for. */
    public long pixels(int unit) {
        return pixels.get(unit);
    }

    /** The masks of the units {@code from .. until - 1} on an image. */
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
     * Writes the masks of one image after another. One per thread.
     *
     * <p>An image's record has for each unit with a mask, ascending: the distance from the unit before, the number of
     * runs, and for each run of pixels in row-major order the gap before it and its length; all as varints.
     */
    static final class Encoder {
        private final MaskFile file;
        private final BitSet bits = new BitSet();
        private final PackedOutput record = new PackedOutput();
        private int lastUnit;

        Encoder(MaskFile file) {
            this.file = file;
        }

        /** The mask {@code pixels[0 .. count-1]}, one or more, in any order, of the image at work. */
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
