package org.netdissect.activation.threshold;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.LayerActivations;
import org.netdissect.activation.MapBlock;
import org.netdissect.activation.MapSource;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.GridSize;

/**
 * Candidate cells of a layer: activations that may still end up above the threshold. They are kept in memory during the
 * threshold pass, so that alignment need not read the layer again. The bound that they exceed, the least value that may
 * still be the threshold, rises with every image; with a top fraction of 0.005 about a hundredth of all cells is kept.
 *
 * <p>A map read from here has its own values at every cell above the bound and at the cells around. At the others it has
 * negative infinity; or, where no cell is above the bound, its greatest value everywhere. Masks above thresholds that are
 * not below the bound ({@link #hold}), and which images activate a unit most, are those of the whole maps.
 *
 * <p>At first bounds are low and much is kept. The first images may be left out therefore, to be read from the cache.
 * Where memory does not suffice, all is dropped.
 */
public final class CandidateMaps {
    private final ActivationShape shape;
    private final int firstImage;
    private final boolean hasGreatest;
    private final BlockPool pool;
    private final List<CandidateUnits> parts = new ArrayList<>();
    /** [units] */
    private final CandidateUnits[] partOf;

    private volatile boolean dropped;

    private CandidateMaps(ActivationShape shape, int firstImage, boolean hasGreatest, BlockPool pool) {
        this.shape = shape;
        this.firstImage = firstImage;
        this.hasGreatest = hasGreatest;
        this.pool = pool;
        this.partOf = new CandidateUnits[shape.units()];
    }

    /**
     * None yet, or nothing where maps are too large for it.
     *
     * @param firstImage images before it are left out
     * @param hasGreatest whether maps without a cell above the bound have their greatest value, or negative infinity
     * @param pool where memory is taken from
     */
    public static Optional<CandidateMaps> of(
            ActivationShape shape, int firstImage, boolean hasGreatest, BlockPool pool) {
        return shape.map().cells() <= CandidateCells.MOST_CELLS
                ? Optional.of(new CandidateMaps(shape, firstImage, hasGreatest, pool))
                : Optional.empty();
    }

    /** The part of units {@code from .. to-1}. All parts are made before the first is used. */
    CandidateUnits part(int from, int to) {
        CandidateUnits part = new CandidateUnits(this, from, to - from);
        parts.add(part);
        for (int unit = from; unit < to; unit++) {
            partOf[unit] = part;
        }
        return part;
    }

    /** Whether maps without a cell above the bound have their greatest value. */
    public boolean hasGreatest() {
        return hasGreatest;
    }

    BlockPool pool() {
        return pool;
    }

    /** Whether memory did not suffice. */
    public boolean isDropped() {
        return dropped;
    }

    void drop() {
        dropped = true;
    }

    /**
     * Whether these give the masks of all images that are not left out.
     *
     * @param greatest of a threshold, the greatest value that is not in a mask
     */
    public boolean hold(Thresholds thresholds, UnaryOperator<Float> greatest) {
        if (dropped || !parts.stream().allMatch(CandidateUnits::isComplete)) {
            return false;
        }
        for (int unit = 0; unit < partOf.length; unit++) {
            if (!(greatest.apply(thresholds.of(unit)) >= partOf[unit].bound(unit))) {
                return false;
            }
        }
        return true;
    }

    ActivationShape shape() {
        return shape;
    }

    int firstImage() {
        return firstImage;
    }

    /** The maps of all images, where none were left out. */
    public MapSource alone() {
        if (firstImage > 0) {
            throw new IllegalStateException("the first " + firstImage + " images were left out");
        }
        return new Chunks(null);
    }

    /** The maps of all images, the first ones from {@code rest}, of the same layer. */
    public MapSource after(LayerActivations rest) {
        return new Chunks(rest);
    }

    private final class Chunks implements MapSource {
        private final @Nullable LayerActivations rest;

        Chunks(@Nullable LayerActivations rest) {
            this.rest = rest;
        }

        @Override
        public ActivationShape shape() {
            return shape;
        }

        @Override
        public int chunks() {
            return (shape.images() + chunkImages() - 1) / chunkImages();
        }

        @Override
        public int chunkImages() {
            return rest == null ? LARGEST_CHUNK : rest.chunkImages();
        }

        @Override
        public int bufferBytes() {
            return rest == null ? 0 : rest.bufferBytes();
        }

        @Override
        public MapBlock read(int chunk, ByteBuffer buffer) throws IOException {
            int first = firstImage(chunk);
            return first < firstImage && rest != null
                    ? rest.read(chunk, buffer)
                    : new Block(first, Math.min(chunkImages(), shape.images() - first));
        }
    }

    private final class Block implements MapBlock {
        private final int firstImage;
        private final int images;
        /** of one image and part, which are read unit by unit */
        private int[] record = new int[0];

        private int image = -1;
        private @Nullable CandidateUnits part;

        Block(int firstImage, int images) {
            this.firstImage = firstImage;
            this.images = images;
        }

        @Override
        public int firstImage() {
            return firstImage;
        }

        @Override
        public int images() {
            return images;
        }

        @Override
        public int units() {
            return shape.units();
        }

        @Override
        public GridSize map() {
            return shape.map();
        }

        @Override
        public float limit(int wanted, int unit) {
            return part(wanted, unit).limit(record, unit);
        }

        @Override
        public void read(int wanted, int unit, float[] target) {
            part(wanted, unit).map(record, unit, target);
        }

        /** The unit's part, whose record of the image is read. */
        private CandidateUnits part(int wanted, int unit) {
            CandidateUnits units = partOf[unit];
            if (units != part || wanted != image) {
                int length = units.length(firstImage + wanted);
                record = record.length < length ? new int[length] : record;
                units.read(firstImage + wanted, record);
                part = units;
                image = wanted;
            }
            return units;
        }
    }
}
