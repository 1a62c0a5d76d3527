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
 * threshold pass, so that alignment need not read the layer again. They exceed a bound, the least value that the
 * threshold may still take, which rises with every image; with a top fraction of 0.005 about a hundredth of all cells
 * is kept.
 *
 * <p>A map read from here has its true values at the cells above the bound and at their neighbours, and negative
 * infinity elsewhere. A map without a cell above the bound has its greatest value everywhere, or negative infinity
 * ({@link #hasGreatest}). If the candidates {@link #cover} thresholds, masks and the images that activate a unit most
 * are equal to those from the whole maps.
 *
 * <p>While bounds are low, many cells are kept. Therefore the first images may be left out and read from the cache. If
 * memory does not suffice, all candidates are dropped.
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
     * Makes an empty collection; nothing if maps have more than 65,535 cells.
     *
     * @param firstImage first image whose candidates are kept
     * @param hasGreatest whether maps without a cell above the bound keep their greatest value
     * @param pool supplier of memory
     */
    public static Optional<CandidateMaps> of(
            ActivationShape shape, int firstImage, boolean hasGreatest, BlockPool pool) {
        return shape.map().cells() <= CandidateCells.MOST_CELLS
                ? Optional.of(new CandidateMaps(shape, firstImage, hasGreatest, pool))
                : Optional.empty();
    }

    /** Adds the part for units {@code from .. to-1}. All parts are added before the first is used. */
    CandidateUnits part(int from, int to) {
        CandidateUnits part = new CandidateUnits(this, from, to - from);
        parts.add(part);
        for (int unit = from; unit < to; unit++) {
            partOf[unit] = part;
        }
        return part;
    }

    /** Whether maps without a cell above the bound keep their greatest value. */
    public boolean hasGreatest() {
        return hasGreatest;
    }

    BlockPool pool() {
        return pool;
    }

    /** Whether all candidates were dropped, because memory did not suffice. */
    public boolean isDropped() {
        return dropped;
    }

    void drop() {
        dropped = true;
    }

    /**
     * Whether the candidates suffice for the masks of all images from the first one kept.
     *
     * @param outside maps a threshold to the greatest value outside a mask
     */
    public boolean cover(Thresholds thresholds, UnaryOperator<Float> outside) {
        if (dropped || !parts.stream().allMatch(CandidateUnits::isComplete)) {
            return false;
        }
        for (int unit = 0; unit < partOf.length; unit++) {
            if (!(outside.apply(thresholds.of(unit)) >= partOf[unit].bound(unit))) {
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

    /** Maps of all images. Throws {@link IllegalStateException} if the first images were left out. */
    public MapSource alone() {
        if (firstImage > 0) {
            throw new IllegalStateException("the first " + firstImage + " images were left out");
        }
        return new Chunks(null);
    }

    /** Maps of all images; those left out are read from {@code layer}, the same layer's activations. */
    public MapSource withFirstImages(LayerActivations layer) {
        return new Chunks(layer);
    }

    private final class Chunks implements MapSource {
        private final @Nullable LayerActivations layer;

        Chunks(@Nullable LayerActivations layer) {
            this.layer = layer;
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
            return layer == null ? LARGEST_CHUNK : layer.chunkImages();
        }

        @Override
        public int bufferBytes() {
            return layer == null ? 0 : layer.bufferBytes();
        }

        @Override
        public MapBlock read(int chunk, ByteBuffer buffer) throws IOException {
            int first = firstImage(chunk);
            return first < firstImage && layer != null
                    ? layer.read(chunk, buffer)
                    : new Block(first, Math.min(chunkImages(), shape.images() - first));
        }
    }

    private final class Block implements MapBlock {
        private final int firstImage;
        private final int images;
        /** record of {@link #image} and {@link #part} */
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
        public float limit(int index, int unit) {
            return part(index, unit).limit(record, unit);
        }

        @Override
        public void read(int index, int unit, float[] target) {
            part(index, unit).decode(record, unit, target);
        }

        /** The unit's part, after reading its record of the image. */
        private CandidateUnits part(int index, int unit) {
            CandidateUnits units = partOf[unit];
            if (units != part || index != image) {
                int length = units.length(firstImage + index);
                record = record.length < length ? new int[length] : record;
                units.read(firstImage + index, record);
                part = units;
                image = index;
            }
            return units;
        }
    }
}
