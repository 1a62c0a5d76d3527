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
 * Writes and reads what an alignment found for one view: counts without their zeros, and masks of top images as runs.
 * Bytes that are wrong are refused, whatever they are, in memory bounded by their number and by what the result itself
 * takes.
 */
public final class AlignmentCodec {
    /** Changes with what the bytes mean, and whenever the same masks and labels come to give other counts. */
    static final int VERSION = 1;

    private static final int MAGIC = 0x4e444143;

    private final int units;
    private final int labels;
    private final int categories;
    private final int parts;
    /** [images] label grids, which are the masks' */
    private final List<GridSize> grids;

    AlignmentCodec(int units, int labels, int categories, int parts, List<GridSize> grids) {
        this.units = units;
        this.labels = labels;
        this.categories = categories;
        this.parts = parts;
        this.grids = grids;
    }

    /** For results of so many units, by parts of the images. */
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
     * The result again, or nothing where it has fewer images of a unit than are wanted.
     *
     * @param topImages most images per unit; further ones are left out
     * @throws DataFormatException where the bytes are none of such a result
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
