package org.netdissect.activation.threshold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.netdissect.activation.Thresholds;

/**
 * One pass: keeps the rank+1 greatest values of every unit, for the greatest requested rank. Nearly every value after
 * the first few images is not above the least one kept, and is dropped at once.
 */
final class TopValues implements ThresholdSelector {
    private static final int FIRST_CAPACITY = 64;

    private final long[] ranks;
    private final int keep;
    private final int capacity;
    /** [units][values kept so far, unordered] */
    private final float[][] kept;
    /** [units] */
    private final int[] size;
    /** [units] lower bound of the threshold, -infinity until rank+1 values were seen */
    private final float[] bound;

    TopValues(int units, long... ranks) {
        this.ranks = ranks;
        this.keep = Math.toIntExact(Arrays.stream(ranks).max().orElseThrow() + 1);
        this.capacity = capacity(keep);
        this.kept = new float[units][Math.min(capacity, FIRST_CAPACITY)];
        this.size = new int[units];
        this.bound = new float[units];
        Arrays.fill(bound, Float.NEGATIVE_INFINITY);
    }

    /** Heap in bytes that the units need at most. */
    static long bytes(int units, long rank) {
        return rank >= Integer.MAX_VALUE / 2 ? Long.MAX_VALUE : (long) units * capacity((int) rank + 1) * Float.BYTES;
    }

    /** Number of values with half of it in reserve, so that values are seldom partitioned. */
    private static int capacity(int keep) {
        return Math.max(keep + keep / 2, keep + 8);
    }

    @Override
    public boolean add(int unit, float[] map, int cells) {
        float least = bound[unit];
        int at = nextAbove(map, 0, cells, least);
        boolean exceeds = at < cells;
        while (at < cells) {
            float value = map[at];
            if (size[unit] == kept[unit].length) {
                least = makeRoom(unit);
            }
            if (value > least) {
                kept[unit][size[unit]++] = value;
            }
            at = nextAbove(map, at + 1, cells, least);
        }
        bound[unit] = least;
        return exceeds;
    }

    @Override
    public float bound(int unit) {
        return bound[unit];
    }

    @Override
    public TopValues newPart() {
        return new TopValues(size.length, ranks);
    }

    @Override
    public void merge(ThresholdSelector part) {
        if (!(part instanceof TopValues other)
                || other.size.length != size.length
                || !Arrays.equals(other.ranks, ranks)) {
            throw new IllegalArgumentException("not a part of these greatest values");
        }
        for (int unit = 0; unit < size.length; unit++) {
            add(unit, other.kept[unit], other.size[unit]);
        }
    }

    /**
     * Nearly all the time is spent here. The loop is small so that the compiler unrolls it; a store in it would prevent
     * that.
     */
    private static int nextAbove(float[] map, int from, int cells, float least) {
        for (int i = from; i < cells; i++) {
            if (map[i] > least) {
                return i;
            }
        }
        return cells;
    }

    /** Enlarges a full array, or drops all but the {@link #keep} greatest values; returns the bound. */
    private float makeRoom(int unit) {
        float[] values = kept[unit];
        if (values.length < capacity) {
            kept[unit] = Arrays.copyOf(values, Math.min(capacity, 2 * values.length));
            return bound[unit];
        }
        bound[unit] = ofRank(keep - 1, values, values.length);
        size[unit] = keep;
        return bound[unit];
    }

    /** Returns the value of descending rank {@code rank}; reorders the values as {@link QuickSelect} does. */
    private static float ofRank(int rank, float[] values, int count) {
        QuickSelect.descending(values, count, rank);
        return values[rank];
    }

    @Override
    public boolean endPass() {
        return true;
    }

    @Override
    public List<Thresholds> all() {
        List<Thresholds> all = new ArrayList<>();
        for (long rank : ranks) {
            all.add(thresholds((int) rank));
        }
        return all;
    }

    private Thresholds thresholds(int rank) {
        float[] thresholds = new float[size.length];
        for (int unit = 0; unit < size.length; unit++) {
            if (size[unit] < keep) {
                throw new IllegalStateException("unit " + unit + ": " + size[unit] + " values seen, need " + keep);
            }
            // adding zero turns -0.0 into 0.0
            thresholds[unit] = ofRank(rank, kept[unit], size[unit]) + 0.0f;
        }
        return new Thresholds(thresholds);
    }
}
