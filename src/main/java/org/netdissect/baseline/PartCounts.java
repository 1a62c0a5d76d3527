package org.netdissect.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.CountColumns;
import org.netdissect.align.LabelWords;
import org.netdissect.align.MaskWords;

/**
 * Counts of some units of one layer over the images of a pairing, for the images' own labels and for every shift of
 * every group. Draws are sums of the latter.
 */
final class PartCounts {
    private final BaselineAnalysis.Layer layer;
    private final int from;
    private final int until;
    private final CountColumns columns;
    private final int width;
    /** [groups][shifts * units * columns] */
    private final List<int[]> counts = new ArrayList<>();
    /** [units * columns] */
    private final int[] own;
    /** [units * categories] sum of |M_k| over images that hold the category; unused if it depends on masks */
    private final long[] activation;
    /** [labels] sum of |L_c| */
    private final long[] truth;
    /** null without intervals */
    private final @Nullable ResampledScores resampled;

    /** Zeros for the units {@code from .. until - 1}. */
    PartCounts(
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
        this.own = new int[Math.multiplyExact(width, units)];
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

    /** Adds the masks of one image under the labels that one shift of its group gives them; one thread per group. */
    void add(int group, int shift, MaskWords masks, LabelWords labels) {
        int[] sums = counts.get(group);
        for (int mask = 0; mask < masks.count(); mask++) {
            labels.count(masks, mask, sums, start(shift, masks.unit(mask)));
        }
    }

    /**
     * Adds one image under its own labels. Thread-safe.
     *
     * @param weights number of times it counts in each draw of images
     */
    void addOwn(MaskWords masks, LabelWords labels, double[] weights) {
        int[] all = labels.truth();
        synchronized (own) {
            Arrays.setAll(truth, label -> truth[label] + all[label]);
            for (int mask = 0; mask < masks.count(); mask++) {
                int unit = masks.unit(mask) - from;
                labels.count(masks, mask, own, unit * width);
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

    /** A column of a unit under the images' own labels. */
    int own(int unit, int column) {
        return own[(unit - from) * width + column];
    }

    /** Sum of |L_c|. */
    long truth(int label) {
        return truth[label];
    }

    /** Sum of |M_k| over the images that hold a category; if it depends on masks, it is a column instead. */
    long activation(int unit, int category) {
        return activation[(unit - from) * columns.categories() + category];
    }
}
