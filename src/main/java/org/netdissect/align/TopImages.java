package org.netdissect.align;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The images that activate each unit of a layer most, each image once, with the unit's masks on them. An image's
 * activation is the greatest of its map; of equal ones the image of lower index comes first. Images may come in any
 * order and from several threads: what is kept depends on neither.
 *
 * <p>Nearly no image enters, so the test is what has to be quick. Memory is bounded by units x images kept; masks are
 * some hundred bytes each, whatever the map's size.
 */
public final class TopImages {
    private final int most;
    /** [units] */
    private final Top[] units;
    /**
     * [units] least activation that could still enter. Written under the unit's lock and read without: a value that is
     * out of date is lower, and costs a look under the lock.
     */
    private final float[] floor;

    /**
     * One image.
     *
     * @param image its position in the probe set
     * @param activation the greatest of its map
     * @param mask M_k(x), maybe empty
     */
    public record Entry(int image, float activation, Mask mask) {
        private boolean isAfter(int otherImage, float otherActivation) {
            return otherActivation > activation || (otherActivation == activation && otherImage < image);
        }
    }

    /** Keeps {@code most} images of each unit; 0 for none. */
    public TopImages(int units, int most) {
        this.most = most;
        this.units = new Top[units];
        this.floor = new float[units];
        for (int unit = 0; unit < units; unit++) {
            this.units[unit] = new Top(most);
        }
        Arrays.fill(floor, Float.NEGATIVE_INFINITY);
    }

    /** The images of a unit, greatest activation first. */
    public List<Entry> of(int unit) {
        return units[unit].entries();
    }

    /** Whether an image with this map may have to be added. */
    public boolean mayEnter(int unit, float[] map) {
        if (most == 0) {
            return false;
        }
        float least = floor[unit];
        for (float value : map) {
            if (value >= least) {
                return true;
            }
        }
        return false;
    }

    /** Adds an image, or not. {@code mask} is made only if it enters. */
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
                    floor[unit] = top.last().activation();
                }
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

        synchronized List<Entry> entries() {
            return Arrays.stream(entries, 0, count).map(Objects::requireNonNull).toList();
        }
    }
}
