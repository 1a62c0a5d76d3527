package org.netdissect.activation.threshold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.netdissect.activation.Thresholds;

/**
 * Three passes in bounded memory: a histogram per unit of the leading 12 bits of an order-preserving key, then of the
 * next 10 among the values that share them, then of the last 10. In the second and third pass each requested rank has
 * separate histograms.
 */
final class RadixSelector implements ThresholdSelector {
    private static final int[] SHIFTS = {20, 10, 0};
    private static final int[] BITS = {12, 10, 10};

    /** [units][ranks] rank from above among the values with the prefix */
    private final long[][] rank;
    /** [units][ranks] known leading bits of the threshold's key */
    private final int[][] prefix;
    /** [units][digit] in the first pass, then [units][ranks x digit] */
    private long[][] histogram;

    private int pass;

    RadixSelector(int units, long... ranks) {
        this.rank = new long[units][];
        for (int unit = 0; unit < units; unit++) {
            rank[unit] = ranks.clone();
        }
        this.prefix = new int[units][ranks.length];
        this.histogram = new long[units][1 << BITS[0]];
    }

    private RadixSelector(RadixSelector whole) {
        this.rank = Arrays.stream(whole.rank).map(long[]::clone).toArray(long[][]::new);
        this.prefix = Arrays.stream(whole.prefix).map(int[]::clone).toArray(int[][]::new);
        this.histogram = new long[rank.length][whole.histogram[0].length];
        this.pass = whole.pass;
    }

    /** In the second and third pass a part starts with the known leading bits. */
    @Override
    public RadixSelector newPart() {
        return new RadixSelector(this);
    }

    @Override
    public void merge(ThresholdSelector part) {
        if (!(part instanceof RadixSelector other)
                || other.pass != pass
                || !Arrays.deepEquals(other.rank, rank)
                || !Arrays.deepEquals(other.prefix, prefix)) {
            throw new IllegalArgumentException("not a part of this pass of histograms");
        }
        for (int unit = 0; unit < histogram.length; unit++) {
            for (int digit = 0; digit < histogram[unit].length; digit++) {
                histogram[unit][digit] += other.histogram[unit][digit];
            }
        }
    }

    @Override
    public boolean add(int unit, float[] map, int cells) {
        long[] counts = histogram[unit];
        if (pass == 0) {
            for (int i = 0; i < cells; i++) {
                counts[key(map[i]) >>> SHIFTS[0]]++;
            }
            return true;
        }
        int[] known = prefix[unit];
        int shift = SHIFTS[pass];
        int bits = BITS[pass];
        int mask = (1 << bits) - 1;
        for (int i = 0; i < cells; i++) {
            int key = key(map[i]);
            for (int place = 0; place < known.length; place++) {
                if (key >>> (shift + bits) == known[place]) {
                    counts[(place << bits) | ((key >>> shift) & mask)]++;
                }
            }
        }
        return true;
    }

    @Override
    public boolean endPass() {
        for (int unit = 0; unit < rank.length; unit++) {
            for (int place = 0; place < rank[unit].length; place++) {
                findDigit(unit, place);
            }
        }
        pass++;
        boolean done = pass == SHIFTS.length;
        for (int unit = 0; unit < rank.length; unit++) {
            histogram[unit] = new long[done ? 0 : rank[unit].length << BITS[pass]];
        }
        return done;
    }

    private void findDigit(int unit, int place) {
        int bits = BITS[pass];
        int from = pass == 0 ? 0 : place << bits;
        int digit = (1 << bits) - 1;
        while (rank[unit][place] >= histogram[unit][from + digit]) {
            rank[unit][place] -= histogram[unit][from + digit--];
        }
        prefix[unit][place] = prefix[unit][place] << bits | digit;
    }

    @Override
    public List<Thresholds> all() {
        List<Thresholds> all = new ArrayList<>();
        for (int place = 0; place < prefix[0].length; place++) {
            float[] thresholds = new float[prefix.length];
            for (int unit = 0; unit < prefix.length; unit++) {
                thresholds[unit] = value(prefix[unit][place]) + 0.0f;
            }
            all.add(new Thresholds(thresholds));
        }
        return all;
    }

    /** Unsigned order of keys, as their digits are read. */
    private static int key(float value) {
        return FloatOrder.key(value) ^ Integer.MIN_VALUE;
    }

    private static float value(int key) {
        return FloatOrder.value(key ^ Integer.MIN_VALUE);
    }
}
