package org.netdissect.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.CountColumns;
import org.netdissect.align.LabelWords;
import org.netdissect.align.MaskWords;

/**
 * Counts of some units of one layer over the images of a pairing: observed counts, under the labels of the same image,
 * and counts for every shift of every group, whose sums are the draws.
 */
final class PairingCounts {
    private final BaselineAnalysis.Layer layer;
    private final int from;
    private final int until;
    private final CountColumns columns;
    private final int width;
    /** [groups][shifts * units * columns] */
    private final List<int[]> counts = new ArrayList<>();
    /** [units * columns] */
    private final int[] observed;
    /** [units * categories] sum of |M_k| over images that hold the category; unused if activation depends on masks */
    private final long[] activation;
    /** [labels] sum of |L_c| */
    private final long[] truth;
    /** null without intervals */
    private final @Nullable ResampledScores resampled;

    /** Zeros for the units {@code from .. until - 1}. */
    PairingCounts(
            BaselineAnalysis.Layer layer,
            int from,
            int until,
            CountColumns columns,
            Pairing pairing,
            BaselineSettings settings) {
        this.layer = layer;
        this.from = from;
        this.until = until;
        this.columns = columns;
        this.width = columns.width();
        int units = until - from;
        for (Pairing.Group group : pairing.groups()) {
            counts.add(new int[Math.multiplyExact(group.shifts() * width, units)]);
        }
        this.observed = new int[Math.multiplyExact(width, units)];
        this.activation = new long[units * columns.categories()];
        this.truth = new long[columns.labels()];
        this.resampled = settings.hasIntervals()
                ? new ResampledScores(layer.scores(), from, until, settings.permutations())
                : null;
    }

    BaselineAnalysis.Layer layer() {
        return layer;
    }

    int from() {
        return from;
    }

    int until() {
        return until;
    }

    /** The interval of a unit's score; null without intervals or without a label. */
    ResampledScores.@Nullable Interval interval(int unit) {
        return resampled == null ? null : resampled.interval(unit);
    }

    /** Adds the masks of one image under the labels that a shift of its group pairs them with; one thread per group. */
    void add(int group, int shift, MaskWords masks, LabelWords labels) {
        int[] sums = counts.get(group);
        for (int mask = 0; mask < masks.count(); mask++) {
            labels.count(masks, mask, sums, start(shift, masks.unit(mask)));
        }
    }

    /**
     * Adds the masks of one image under its labels. Thread-safe.
     *
     * @param weights [draws of images] number of times the image counts
     */
    void addObserved(MaskWords masks, LabelWords labels, double[] weights) {
        int[] all = labels.truth();
        synchronized (observed) {
            Arrays.setAll(truth, label -> truth[label] + all[label]);
            for (int mask = 0; mask < masks.count(); mask++) {
                int unit = masks.unit(mask) - from;
                labels.count(masks, mask, observed, unit * width);
                for (int category = 0; category < columns.categories() && !columns.activations(); category++) {
                    activation[unit * columns.categories() + category] += labels.activation(masks, mask, category);
                }
            }
        }
        if (resampled != null) {
            resampled.add(masks, labels, weights);
        }
    }

    /** First column of a unit for a shift in the counts of a group. */
    int start(int shift, int unit) {
        return (shift * (until - from) + unit - from) * width;
    }

    /** {@code [shifts][units][columns]} of a group. */
    int[] counts(int group) {
        return counts.get(group);
    }

    /** Observed count of a unit in one column. */
    int observed(int unit, int column) {
        return observed[(unit - from) * width + column];
    }

    /** Sum of |L_c|. */
    long truth(int label) {
        return truth[label];
    }

    /** Sum of |M_k| over the images that hold a category; if activation depends on masks, it is a column instead. */
    long activation(int unit, int category) {
        return activation[(unit - from) * columns.categories() + category];
    }
}
