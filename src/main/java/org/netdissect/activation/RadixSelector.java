package org.netdissect.activation;

/**
 * Three passes in bounded memory: a histogram per unit of the leading 12 bits of an order-preserving key, then of the
 * next 10 among the values that share them, then of the last 10.
 */
final class RadixSelector implements ThresholdSelector {
    private static final int[] SHIFTS = {20, 10, 0};
    private static final int[] BITS = {12, 10, 10};

    /** [units] values still to pass, from above, within the prefix */
    private final long[] rank;
    /** [units] leading bits of the threshold's key, known so far */
    private final int[] prefix;

    private long[][] histogram;
    private int pass;

    RadixSelector(int units, long rank) {
        this.rank = new long[units];
        java.util.Arrays.fill(this.rank, rank);
        this.prefix = new int[units];
        this.histogram = new long[units][1 << BITS[0]];
    }

    @Override
    public void add(int unit, float[] map, int cells) {
        long[] counts = histogram[unit];
        int shift = SHIFTS[pass];
        int mask = (1 << BITS[pass]) - 1;
        int known = prefix[unit];
        int knownShift = shift + BITS[pass];
        for (int i = 0; i < cells; i++) {
            int key = key(map[i]);
            if (pass == 0 || key >>> knownShift == known) {
                counts[key >>> shift & mask]++;
            }
        }
    }

    @Override
    public boolean endPass() {
        for (int unit = 0; unit < rank.length; unit++) {
            int digit = histogram[unit].length - 1;
            while (rank[unit] >= histogram[unit][digit]) {
                rank[unit] -= histogram[unit][digit--];
            }
            prefix[unit] = prefix[unit] << BITS[pass] | digit;
        }
        pass++;
        boolean done = pass == SHIFTS.length;
        histogram = new long[rank.length][done ? 0 : 1 << BITS[pass]];
        return done;
    }

    @Override
    public Thresholds thresholds() {
        float[] thresholds = new float[prefix.length];
        for (int unit = 0; unit < prefix.length; unit++) {
            thresholds[unit] = value(prefix[unit]) + 0.0f;
        }
        return new Thresholds(thresholds);
    }

    /** Unsigned order of keys, as their digits are read. */
    private static int key(float value) {
        return FloatOrder.key(value) ^ Integer.MIN_VALUE;
    }

    private static float value(int key) {
        return FloatOrder.value(key ^ Integer.MIN_VALUE);
    }
}
