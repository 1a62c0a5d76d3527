package org.netdissect.align;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import org.netdissect.base.GridSize;

/**
 * The images that activate each unit of a layer least, each image once, with the unit's masks on them, which are mostly
 * empty. An image's activation is the greatest value of its map, as for {@link TopImages}: an image activates a unit
 * little only if no place of it does. The least or the mean value, the definitions of some textbooks for units without
 * a rectifier, are not used. Ties go to the image of lower position. The result does not depend on the order of images
 * or on threads.
 *
 * <p>Behind a rectifier many images tie at 0, and those kept are only the first of them; {@link #tied} counts them all.
 */
public final class LeastImages implements MaskConsumer {
    private final int most;
    /** [units] */
    private final List<Least> units;

    /** An empty collection that keeps up to {@code most} images of each unit. */
    public LeastImages(int units, int most) {
        this.most = most;
        this.units = Stream.generate(() -> new Least(most)).limit(units).toList();
    }

    /** The images of a unit, least activation first. */
    public List<TopImages.Entry> of(int unit) {
        return units.get(unit).entries();
    }

    /** Number of images, kept or not, whose activation equals that of the last image kept. */
    public int tied(int unit) {
        return units.get(unit).tied();
    }

    /** Greatest number of images kept for each unit. */
    public int most() {
        return most;
    }

    /** Negative infinity: the activation of an image is known only from its map. */
    @Override
    public float needsAbove(int unit, int image) {
        return Float.NEGATIVE_INFINITY;
    }

    @Override
    public OfImage begin(int image, ImageLabels labels) {
        return (unit, map, mask) -> {
            if (mayEnter(unit, map)) {
                add(unit, image, map, mask::toMask);
            }
        };
    }

    /** Whether an image with this map may enter, or tie with the last one kept; without the unit's lock. */
    boolean mayEnter(int unit, float[] map) {
        float ceiling = units.get(unit).ceiling;
        for (float value : map) {
            if (value > ceiling) {
                return false;
            }
        }
        return true;
    }

    /**
     * Adds an image if it enters; {@code mask} is called only then.
     *
     * @throws IllegalArgumentException for a map with a NaN
     */
    public void add(int unit, int image, float[] map, Supplier<Mask> mask) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (float value : map) {
            greatest = Math.max(greatest, value);
        }
        if (Float.isNaN(greatest)) {
            throw new IllegalArgumentException("activation NaN of unit " + unit + " on image " + image);
        }
        units.get(unit).add(image, greatest, mask);
    }

    /**
     * Adds the images of a part. After all parts, in any order, the result equals that of one pass over all images.
     *
     * @param part other images of the same units, with positions among all images; keeps at least as many images per
     *     unit
     */
    public void merge(LeastImages part) {
        if (part.units.size() != units.size() || part.most < most) {
            throw new IllegalArgumentException("a part keeps " + part.most + " images of " + part.units.size()
                    + " units, expected " + most + " of " + units.size());
        }
        for (int unit = 0; unit < units.size(); unit++) {
            Least from = part.units.get(unit);
            units.get(unit).addAll(from.entries(), from.left());
        }
    }

    /**
     * Reads the bytes of {@link #write}.
     *
     * @param kept greatest number of images per unit that were written
     * @param most greatest number of images per unit to keep
     * @param grids [images] grids of the masks
     */
    static LeastImages read(PackedInput in, int units, int kept, int most, List<GridSize> grids)
            throws DataFormatException {
        LeastImages least = new LeastImages(units, most);
        for (int unit = 0; unit < units; unit++) {
            int count = in.number(Math.min(kept, grids.size()));
            List<TopImages.Entry> entries = new ArrayList<>();
            for (int place = 0; place < count; place++) {
                int image = in.number(grids.size() - 1);
                float activation = Float.intBitsToFloat(in.bits());
                if (Float.isNaN(activation)) {
                    throw new DataFormatException("it has an activation that is no number");
                }
                entries.add(new TopImages.Entry(image, activation, Mask.read(in, grids.get(image))));
            }
            least.units.get(unit).addAll(entries, in.number(grids.size() - count));
        }
        return least;
    }

    void write(PackedOutput out) {
        for (Least unit : units) {
            List<TopImages.Entry> entries = unit.entries();
            out.number(entries.size());
            for (TopImages.Entry entry : entries) {
                out.number(entry.image());
                out.bits(Float.floatToRawIntBits(entry.activation()));
                entry.mask().write(out);
            }
            out.number(unit.left());
        }
    }

    /** One unit's images, in order. */
    private static final class Least {
        private final int most;
        private final List<TopImages.Entry> entries = new ArrayList<>();
        /** number of images of the last one's activation that are not kept */
        private int left;
        /** activation above which no image enters; one out of date only lets more images pass to the lock */
        private volatile float ceiling;

        Least(int most) {
            this.most = most;
            this.ceiling = most == 0 ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
        }

        synchronized List<TopImages.Entry> entries() {
            return List.copyOf(entries);
        }

        synchronized int left() {
            return left;
        }

        synchronized int tied() {
            return left
                    + (int) entries.stream()
                            .filter(entry -> entry.activation() == last())
                            .count();
        }

        private float last() {
            return entries.get(entries.size() - 1).activation();
        }

        synchronized void add(int image, float activation, Supplier<Mask> mask) {
            if (most == 0 || activation > ceiling) {
                return;
            }
            int at = entries.size();
            while (at > 0 && isAfter(entries.get(at - 1), image, activation)) {
                at--;
            }
            float before = ceiling;
            if (at < most) {
                entries.add(at, new TopImages.Entry(image, activation, mask.get()));
            }
            boolean isLeft = at == most || entries.size() > most;
            if (entries.size() > most) {
                entries.remove(most);
            }
            if (isLeft) {
                left = last() == before ? left + 1 : 0;
            }
            if (entries.size() == most) {
                ceiling = last();
            }
        }

        private static boolean isAfter(TopImages.Entry entry, int image, float activation) {
            return entry.activation() > activation || (entry.activation() == activation && entry.image() > image);
        }

        /**
         * Adds a part's images.
         *
         * @param others in order
         * @param othersLeft number of images with the last one's activation that the part did not keep; none of them
         *     enters
         */
        synchronized void addAll(List<TopImages.Entry> others, int othersLeft) {
            for (TopImages.Entry entry : others) {
                add(entry.image(), entry.activation(), entry::mask);
            }
            if (othersLeft > 0 && entries.size() == most && !others.isEmpty()) {
                float tied = others.get(others.size() - 1).activation();
                left += most > 0 && last() == tied ? othersLeft : 0;
            }
        }
    }
}
