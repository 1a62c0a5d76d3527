package org.netdissect.align;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;

/**
 * The images that activate each unit of a layer most, each image once, with the unit's masks on them. An image's
 * activation is the greatest value of its map; ties go to the image of lower position. The result does not depend on
 * the order of images or on threads.
 *
 * <p>Nearly no image enters, so above all the test for entry is fast. Memory is bounded by units x images kept; a mask
 * takes about a hundred bytes for maps of any size.
 */
public final class TopImages implements MaskConsumer {
    private final int most;
    /** [units] */
    private final Top[] units;
    /**
     * [units] bits of the activation of the last image kept, then its position, once a unit has all of its images. They
     * are one number because it is read without the unit's lock; a number out of date only lets more images pass to the
     * check under the lock.
     */
    private final AtomicLongArray floor;

    /**
     * One image.
     *
     * @param image its position in the probe set
     * @param activation greatest value of its map
     * @param mask M_k(x), possibly empty
     */
    public record Entry(int image, float activation, Mask mask) {
        private boolean isAfter(int otherImage, float otherActivation) {
            return otherActivation > activation || (otherActivation == activation && otherImage < image);
        }
    }

    /** An empty collection that keeps up to {@code most} images of each unit. */
    public TopImages(int units, int most) {
        this.most = most;
        this.units = new Top[units];
        this.floor = new AtomicLongArray(units);
        for (int unit = 0; unit < units; unit++) {
            this.units[unit] = new Top(most);
            floor.setPlain(
                    unit,
                    most == 0 ? floor(Float.POSITIVE_INFINITY, 0) : floor(Float.NEGATIVE_INFINITY, Integer.MAX_VALUE));
        }
    }

    /** The images of a unit, greatest activation first. */
    public List<Entry> of(int unit) {
        return units[unit].entries();
    }

    int units() {
        return units.length;
    }

    /** Greatest number of images kept for each unit. */
    public int most() {
        return most;
    }

    @Override
    public float needsAbove(int unit, int image) {
        long last = floor.getOpaque(unit);
        return ties(last, image) ? Math.nextDown(activation(last)) : activation(last);
    }

    @Override
    public OfImage begin(int image, ImageLabels labels) {
        return (unit, map, mask) -> {
            if (mayEnter(unit, image, map, Float.POSITIVE_INFINITY)) {
                add(unit, image, map, mask::toMask);
            }
        };
    }

    private static long floor(float activation, int image) {
        return (long) Float.floatToRawIntBits(activation) << Integer.SIZE | image;
    }

    /**
     * Whether an image with this map may enter.
     *
     * @param limit known upper bound of the map's values
     */
    boolean mayEnter(int unit, int image, float[] map, float limit) {
        long last = floor.getOpaque(unit);
        return limit > needsAbove(unit, image) && reaches(map, activation(last), ties(last, image));
    }

    private static float activation(long last) {
        return Float.intBitsToFloat((int) (last >>> Integer.SIZE));
    }

    /** Whether an image of the last one's activation enters, because its position is lower. */
    private static boolean ties(long last, int image) {
        return image < (int) last;
    }

    private static boolean reaches(float[] map, float activation, boolean ties) {
        for (float value : map) {
            if (value > activation || (ties && value == activation)) {
                return true;
            }
        }
        return false;
    }

    /** Adds an image if it enters; {@code mask} is called only then. */
    public void add(int unit, int image, float[] map, Supplier<Mask> mask) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (float value : map) {
            greatest = Math.max(greatest, value);
        }
        Top top = units[unit];
        synchronized (top) {
            if (top.admits(image, greatest)) {
                top.insert(new Entry(image, greatest, mask.get()));
                if (top.count == most) {
                    floor.setOpaque(
                            unit, floor(top.last().activation(), top.last().image()));
                }
            }
        }
    }

    /**
     * Adds the images of a part. After all parts, in any order, the result equals that of one pass over all images.
     *
     * @param part other images of the same units, with positions among all images; keeps at least as many images per
     *     unit
     */
    public void merge(TopImages part) {
        if (part.units.length != units.length || part.most < most) {
            throw new IllegalArgumentException("a part keeps " + part.most + " images of " + part.units.length
                    + " units, expected " + most + " of " + units.length);
        }
        for (int unit = 0; unit < units.length; unit++) {
            for (Entry entry : part.of(unit)) {
                add(unit, entry.image(), new float[] {entry.activation()}, entry::mask);
            }
        }
    }

    /**
     * Reads the bytes of {@link #write}; the result takes no further images.
     *
     * @param kept greatest number of images per unit that were written
     * @param most greatest number of images per unit to read
     * @param grids [images] grids of the masks
     */
    static TopImages read(PackedInput in, int units, int kept, int most, List<GridSize> grids)
            throws DataFormatException {
        TopImages top = new TopImages(units, most);
        for (int unit = 0; unit < units; unit++) {
            int count = in.number(Math.min(kept, grids.size()));
            for (int place = 0; place < count; place++) {
                int image = in.number(grids.size() - 1);
                float activation = Float.intBitsToFloat(in.bits());
                Mask mask = Mask.read(in, grids.get(image));
                if (place < most) {
                    top.units[unit].append(new Entry(image, activation, mask));
                }
            }
        }
        return top;
    }

    void write(PackedOutput out) {
        for (Top unit : units) {
            List<Entry> entries = unit.entries();
            out.number(entries.size());
            for (Entry entry : entries) {
                out.number(entry.image());
                out.bits(Float.floatToRawIntBits(entry.activation()));
                entry.mask().write(out);
            }
        }
    }

    /** One unit's images, in order. */
    private static final class Top {
        private final @Nullable Entry[] entries;
        private int count;

        Top(int most) {
            this.entries = new @Nullable Entry[most];
        }

        boolean admits(int image, float activation) {
            return count < entries.length || (count > 0 && last().isAfter(image, activation));
        }

        Entry last() {
            return at(count - 1);
        }

        private Entry at(int place) {
            return Objects.requireNonNull(entries[place]);
        }

        void insert(Entry entry) {
            if (count == entries.length) {
                count--;
            }
            int at = count;
            while (at > 0 && at(at - 1).isAfter(entry.image(), entry.activation())) {
                entries[at] = entries[at - 1];
                at--;
            }
            entries[at] = entry;
            count++;
        }

        void append(Entry entry) {
            entries[count++] = entry;
        }

        synchronized List<Entry> entries() {
            return Arrays.stream(entries, 0, count).map(Objects::requireNonNull).toList();
        }
    }
}
