package org.netdissect.align;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.zip.DataFormatException;

/**
 * Pixel counts of one layer over the images seen so far. Counts are sums, so they do not depend on the order of images,
 * on threads, or on a division into parts. Arrays are indexed by label number and by position of the category.
 */
public final class AlignmentCounts {
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final int units;
    private final int labels;
    private final int categories;
    /** [labels] sum of |L_c| */
    private final long[] truth;
    /** [units][labels] sum of |M_k & L_c| */
    private final long[] intersect;
    /** [units][categories] sum of |M_k| over images holding a label of the category */
    private final long[] activation;

    /** Starts at zero. {@code labels} is the greatest label number + 1. */
    AlignmentCounts(int units, int labels, int categories) {
        this.units = units;
        this.labels = labels;
        this.categories = categories;
        this.truth = new long[labels];
        this.intersect = new long[Math.multiplyExact(units, labels)];
        this.activation = new long[units * categories];
    }

    /** Reads the bytes of {@link #write} for the same numbers of units, labels and categories. */
    static AlignmentCounts read(PackedInput in, int units, int labels, int categories) throws DataFormatException {
        AlignmentCounts counts = new AlignmentCounts(units, labels, categories);
        in.sparse(counts.truth);
        in.sparse(counts.intersect);
        in.sparse(counts.activation);
        return counts;
    }

    void write(PackedOutput out) {
        out.sparse(truth);
        out.sparse(intersect);
        out.sparse(activation);
    }

    /** Adds the counts of all parts, which must have the same units and labels. */
    static AlignmentCounts sum(List<AlignmentCounts> parts) {
        AlignmentCounts first = parts.get(0);
        if (parts.size() == 1) {
            return first;
        }
        AlignmentCounts sum = new AlignmentCounts(first.units, first.labels, first.categories);
        for (AlignmentCounts part : parts) {
            add(sum.truth, part.truth);
            add(sum.intersect, part.intersect);
            add(sum.activation, part.activation);
        }
        return sum;
    }

    private static void add(long[] sum, long[] more) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += more[i];
        }
    }

    /** Number of units. */
    public int units() {
        return units;
    }

    /** Greatest label number + 1. */
    public int labels() {
        return labels;
    }

    /** Number of categories. */
    public int categories() {
        return categories;
    }

    /** Pixels that carry the label. */
    public long truth(int label) {
        return truth[label];
    }

    /** Pixels of the unit's masks that carry the label. */
    public long intersect(int unit, int label) {
        return intersect[unit * labels + label];
    }

    /** Pixels of the unit's masks in images that hold a label whose primary category is this one. */
    public long activation(int unit, int category) {
        return activation[unit * categories + category];
    }

    void addTruth(int label, long pixels) {
        CELL.getAndAdd(truth, label, pixels);
    }

    void addIntersect(int unit, int label, long pixels) {
        CELL.getAndAdd(intersect, unit * labels + label, pixels);
    }

    void addActivation(int unit, int category, long pixels) {
        CELL.getAndAdd(activation, unit * categories + category, pixels);
    }
}
