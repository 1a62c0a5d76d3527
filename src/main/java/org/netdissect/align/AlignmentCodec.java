package org.netdissect.align;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.DataFormatException;
import org.netdissect.base.GridSize;
import org.netdissect.labels.LabelSource;

/**
 * Writes and reads an {@link AlignmentResult}: counts without their zeros, and masks of top images as runs. Any damaged
 * bytes are refused; the memory for reading is bounded by their number and by the size of a valid result. The least
 * activating images, which few runs keep, have bytes of their own.
 */
public final class AlignmentCodec {
    /** Version of the format and of the counts: it changes whenever the same masks and labels give other counts. */
    static final int VERSION = 1;

    private static final int MAGIC = 0x4e444143;
    private static final int MAGIC_LEAST = 0x4e44414c;

    private final int units;
    private final int labels;
    private final int categories;
    private final int parts;
    /** [images] label grids, which are also the grids of the masks */
    private final List<GridSize> grids;

    AlignmentCodec(int units, int labels, int categories, int parts, List<GridSize> grids) {
        this.units = units;
        this.labels = labels;
        this.categories = categories;
        this.parts = parts;
        this.grids = grids;
    }

    /** A codec for results of a layer with this number of units. */
    public static AlignmentCodec of(int units, ImageParts parts, LabelSource labels) {
        return new AlignmentCodec(
                units,
                labels.labels().size(),
                labels.categories().size(),
                parts.names().size(),
                IntStream.range(0, labels.count()).mapToObj(labels::labelSize).toList());
    }

    /** The bytes of a result, without its least activating images. */
    public ByteBuffer encode(AlignmentResult result) {
        PackedOutput out = begin(MAGIC);
        out.number(result.top().most());
        result.parts().forEach(part -> part.write(out));
        result.top().write(out);
        return out.end();
    }

    /** The bytes of the least activating images. */
    public ByteBuffer encode(LeastImages least) {
        PackedOutput out = begin(MAGIC_LEAST);
        out.number(least.most());
        least.write(out);
        return out.end();
    }

    private PackedOutput begin(int magic) {
        PackedOutput out = new PackedOutput();
        out.bits(magic);
        for (int number : header()) {
            out.number(number);
        }
        return out;
    }

    private int[] header() {
        return new int[] {VERSION, units, labels, categories, parts};
    }

    /**
     * Reads a result; empty if it keeps fewer than {@code topImages} images per unit.
     *
     * @param topImages number of images per unit to read; further ones are left out
     * @throws DataFormatException if the bytes are not of such a result
     */
    public Optional<AlignmentResult> decode(ByteBuffer bytes, int topImages) throws DataFormatException {
        PackedInput in = begin(bytes, MAGIC);
        int kept = in.number(Integer.MAX_VALUE);
        if (kept < topImages) {
            return Optional.empty();
        }
        List<AlignmentCounts> counts = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            counts.add(AlignmentCounts.read(in, units, labels, categories));
        }
        TopImages top = topImages == 0 ? new TopImages(units, 0) : TopImages.read(in, units, kept, topImages, grids);
        if (topImages > 0) {
            requireEnd(in);
        }
        return Optional.of(new AlignmentResult(counts, top));
    }

    /**
     * Reads the least activating images; empty if fewer than {@code leastImages} per unit were kept.
     *
     * @param leastImages number of images per unit to read; further ones are left out
     * @throws DataFormatException if the bytes are not of such images
     */
    public Optional<LeastImages> decodeLeast(ByteBuffer bytes, int leastImages) throws DataFormatException {
        PackedInput in = begin(bytes, MAGIC_LEAST);
        int kept = in.number(Integer.MAX_VALUE);
        if (kept < leastImages) {
            return Optional.empty();
        }
        LeastImages least = LeastImages.read(in, units, kept, leastImages, grids);
        requireEnd(in);
        return Optional.of(least);
    }

    private PackedInput begin(ByteBuffer bytes, int magic) throws DataFormatException {
        PackedInput in = new PackedInput(bytes);
        if (in.bits() != magic) {
            throw new DataFormatException("it is of another format");
        }
        for (int expected : header()) {
            if (in.number(Integer.MAX_VALUE) != expected) {
                throw new DataFormatException("it is of other units or labels");
            }
        }
        return in;
    }

    private static void requireEnd(PackedInput in) throws DataFormatException {
        if (in.remaining() > 0) {
            throw new DataFormatException("it is too long");
        }
    }
}
