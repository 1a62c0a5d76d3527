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
 * bytes are refused; the memory for reading is bounded by their number and by the size of a valid result.
 */
public final class AlignmentCodec {
    /** Version of the format and of the counts: it changes whenever the same masks and labels give other counts. */
    static final int VERSION = 1;

    private static final int MAGIC = 0x4e444143;

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

    /** The bytes of a result. */
    public ByteBuffer encode(AlignmentResult result) {
        PackedOutput out = new PackedOutput();
        out.bits(MAGIC);
        for (int number : header()) {
            out.number(number);
        }
        out.number(result.top().most());
        result.parts().forEach(part -> part.write(out));
        result.top().write(out);
        return out.end();
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
        PackedInput in = new PackedInput(bytes);
        if (in.bits() != MAGIC) {
            throw new DataFormatException("it is of another format");
        }
        for (int expected : header()) {
            if (in.number(Integer.MAX_VALUE) != expected) {
                throw new DataFormatException("it is of other units or labels");
            }
        }
        int kept = in.number(Integer.MAX_VALUE);
        if (kept < topImages) {
            return Optional.empty();
        }
        List<AlignmentCounts> counts = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            counts.add(AlignmentCounts.read(in, units, labels, categories));
        }
        TopImages top = topImages == 0 ? new TopImages(units, 0) : TopImages.read(in, units, kept, topImages, grids);
        if (topImages > 0 && in.remaining() > 0) {
            throw new DataFormatException("it is too long");
        }
        return Optional.of(new AlignmentResult(counts, top));
    }
}
