package org.netdissect.activation.threshold;

import java.util.Arrays;
import java.util.List;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.ByteSize;
import org.netdissect.base.InputException;

/**
 * One pass in bounded memory: counts each unit's values in narrow bins of the float's own scale, but only those that
 * may still be among the greatest. An octave (one binary exponent of one sign) has 2^bits bins of equal width; a unit
 * has bins for the greatest {@value #FINE_OCTAVES} octaves that occur, and one counter for any other.
 *
 * <p>T_k is the greatest float of the bin that holds the requested rank, or 0 if a zero has that rank. So at most the
 * top fraction is greater, and the counts give the error of T_k in ranks. Neither counts nor thresholds depend on the
 * order of values.
 */
final class TailSketch implements ThresholdSelector {
    static final int FINE_OCTAVES = 16;
    private static final int EXPONENT_SHIFT = 23;
    /** Octaves -256 .. 255 of keys, see {@link FloatOrder}; zero is in octave 0 with the denormals. */
    private static final int OCTAVES = 512;

    private static final int OFFSET = OCTAVES / 2;
    private static final int LEAST_BITS = 4;
    private static final int MOST_BITS = 16;
    /** Values counted from one {@link Unit#raiseFloor} to the next. */
    private static final int VALUES_PER_RAISE = 4096;

    private static final long[] NONE = {};

    private final long valuesPerUnit;
    private final long[] ranks;
    /** the greatest of {@link #ranks}; lesser values need not be counted */
    private final long rank;

    private final int bits;
    private final Unit[] units;

    TailSketch(int units, long valuesPerUnit, long memoryBytes, long... ranks) {
        this.valuesPerUnit = valuesPerUnit;
        this.ranks = ranks;
        this.rank = Arrays.stream(ranks).max().orElseThrow();
        this.bits = bits(units, memoryBytes);
        this.units = new Unit[units];
        Arrays.setAll(this.units, unit -> new Unit());
    }

    private TailSketch(TailSketch whole) {
        this.valuesPerUnit = whole.valuesPerUnit;
        this.ranks = whole.ranks;
        this.rank = whole.rank;
        this.bits = whole.bits;
        this.units = new Unit[whole.units.length];
        Arrays.setAll(units, unit -> new Unit());
    }

    private static int bits(int units, long memoryBytes) {
        for (int bits = MOST_BITS; bits >= LEAST_BITS; bits--) {
            if (bytes(units, bits) <= memoryBytes) {
                return bits;
            }
        }
        throw new InputException("--memory " + new ByteSize(memoryBytes) + ": thresholds of " + units
                + " units need at least " + new ByteSize(bytes(units, LEAST_BITS)) + " for each layer without a cache");
    }

    private static long bytes(int units, int bits) {
        long pages = (long) FINE_OCTAVES * Long.BYTES * (1 << bits);
        return units * (pages + OCTAVES * (Long.BYTES + Integer.BYTES));
    }

    /** One unit's counts. */
    private static final class Unit {
        /** [octaves] values; those below the floor are incomplete */
        private final long[] count = new long[OCTAVES];
        /** [octaves][bins] values, empty for octaves without bins */
        private final long[][] fine = new long[OCTAVES][];

        private int fineOctaves;
        private long zeros;
        /** lower bound of the threshold */
        private float floor = Float.NEGATIVE_INFINITY;

        private int counted;

        Unit() {
            Arrays.fill(fine, NONE);
        }

        /**
         * Returns the octave's bins; if all are in use, it takes those of the least octave, or gets none if it is less
         * itself.
         */
        long[] bins(int octave, int bits) {
            if (fine[octave].length == 0) {
                if (fineOctaves == FINE_OCTAVES) {
                    int least = leastFine();
                    if (octave < least) {
                        return NONE;
                    }
                    drop(least);
                }
                fine[octave] = new long[1 << bits];
                fineOctaves++;
            }
            return fine[octave];
        }

        private int leastFine() {
            int octave = 0;
            while (fine[octave].length == 0) {
                octave++;
            }
            return octave;
        }

        private void drop(int octave) {
            fine[octave] = NONE;
            fineOctaves--;
        }

        /**
         * Adds the counts of another part. Thresholds are then those of one pass over all values: the rank is at or
         * above the octaves of both floors, where counts are complete, and an octave that keeps bins had them in both
         * parts.
         */
        void merge(Unit other, long rank) {
            zeros += other.zeros;
            for (int octave = 0; octave < OCTAVES; octave++) {
                count[octave] += other.count[octave];
                if (fine[octave].length == 0) {
                    fine[octave] = other.fine[octave].clone();
                    fineOctaves += fine[octave].length == 0 ? 0 : 1;
                } else {
                    for (int bin = 0; bin < other.fine[octave].length; bin++) {
                        fine[octave][bin] += other.fine[octave][bin];
                    }
                }
            }
            while (fineOctaves > FINE_OCTAVES) {
                drop(leastFine());
            }
            raiseFloor(rank);
        }

        /** Raises the floor to the octave that holds the value of this rank so far. */
        void raiseFloor(long rank) {
            counted = 0;
            int octave = OCTAVES - 1;
            long above = count[octave];
            while (octave > 0 && above <= rank) {
                above += count[--octave];
            }
            if (above > rank) {
                floor = FloatOrder.value((octave - OFFSET) << EXPONENT_SHIFT);
                for (int lower = 0; lower < octave; lower++) {
                    if (fine[lower].length > 0) {
                        drop(lower);
                    }
                }
            }
        }
    }

    @Override
    public boolean add(int unit, float[] map, int cells) {
        Unit counts = units[unit];
        int at = nextFrom(map, 0, cells, counts.floor);
        while (at < cells) {
            count(counts, FloatOrder.key(map[at]));
            at = nextFrom(map, at + 1, cells, counts.floor);
        }
        return true;
    }

    /** The loop is small so that the compiler unrolls it. */
    private static int nextFrom(float[] map, int from, int cells, float floor) {
        for (int i = from; i < cells; i++) {
            if (map[i] >= floor) {
                return i;
            }
        }
        return cells;
    }

    private void count(Unit counts, int key) {
        int octave = (key >> EXPONENT_SHIFT) + OFFSET;
        counts.count[octave]++;
        if (key == 0) {
            counts.zeros++;
        }
        long[] bins = counts.bins(octave, bits);
        if (bins.length > 0) {
            bins[(key & ((1 << EXPONENT_SHIFT) - 1)) >> (EXPONENT_SHIFT - bits)]++;
        }
        if (++counts.counted == VALUES_PER_RAISE) {
            counts.raiseFloor(rank);
        }
    }

    @Override
    public TailSketch newPart() {
        return new TailSketch(this);
    }

    @Override
    public void merge(ThresholdSelector part) {
        if (!(part instanceof TailSketch other)
                || other.units.length != units.length
                || other.bits != bits
                || !Arrays.equals(other.ranks, ranks)) {
            throw new IllegalArgumentException("not a part of this sketch");
        }
        for (int unit = 0; unit < units.length; unit++) {
            units[unit].merge(other.units[unit], rank);
        }
    }

    @Override
    public boolean endPass() {
        return true;
    }

    @Override
    public List<Thresholds> all() {
        return Arrays.stream(ranks).mapToObj(this::thresholds).toList();
    }

    private Thresholds thresholds(long requested) {
        float[] thresholds = new float[units.length];
        long greatestError = 0;
        for (int unit = 0; unit < thresholds.length; unit++) {
            Estimate estimate = estimate(units[unit], requested);
            thresholds[unit] = estimate.threshold();
            greatestError = Math.max(greatestError, estimate.error());
        }
        return new Thresholds(thresholds, (double) greatestError / valuesPerUnit);
    }

    /** A threshold and the greatest error of its rank. */
    private record Estimate(float threshold, long error) {}

    private Estimate estimate(Unit counts, long requested) {
        long remaining = requested;
        int octave = OCTAVES - 1;
        while (remaining >= counts.count[octave]) {
            remaining -= counts.count[octave--];
        }
        int least = (octave - OFFSET) << EXPONENT_SHIFT;
        long[] bins = counts.fine[octave];
        if (bins.length == 0) {
            return inBin(counts, counts.count[octave], remaining, least, least + (1 << EXPONENT_SHIFT) - 1);
        }
        int bin = bins.length - 1;
        while (remaining >= bins[bin]) {
            remaining -= bins[bin--];
        }
        int width = 1 << (EXPONENT_SHIFT - bits);
        int from = least + bin * width;
        return inBin(counts, bins[bin], remaining, from, from + width - 1);
    }

    /**
     * Finds the threshold in a bin.
     *
     * @param values number of values in the bin
     * @param remaining rank within the bin, from above
     * @param leastKey least key of the bin's floats
     */
    private static Estimate inBin(Unit counts, long values, long remaining, int leastKey, int greatestKey) {
        if (leastKey == 0 && remaining >= values - counts.zeros) {
            return new Estimate(0, 0);
        }
        // key -1 would be -0.0, which counts as 0
        return new Estimate(FloatOrder.value(greatestKey == -1 ? -2 : greatestKey), remaining);
    }
}
