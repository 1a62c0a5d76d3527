package org.netdissect.baseline;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.LabelWords;
import org.netdissect.align.LayerScores;
import org.netdissect.align.MaskWords;
import org.netdissect.align.UnitScores;

/**
 * Bootstrap of the scores of some units, with fixed labels and thresholds. In every draw, an image has a Poisson number
 * of mean 1 as its weight. For many images that equals drawing with replacement, and it needs only one pass.
 *
 * <p>Sums are doubles, which hold integers below 2^53 exactly, so that their order does not matter; the compiler
 * vectorises their loops.
 */
final class ResampledScores {
    private final int from;
    private final int draws;
    /** [units] null for a unit without a label */
    private final @Nullable Sums[] units;
    /** by label: [draws] sum of |L_c| */
    private final Map<Integer, double[]> truth = new ConcurrentHashMap<>();

    /** Sums of a unit with its label. */
    private static final class Sums {
        private final int label;
        private final int category;
        /** [draws] sum of |M_k & L_c| */
        private final double[] intersect;
        /** [draws] sum of |M_k| */
        private final double[] activation;

        Sums(int label, int category, int draws) {
            this.label = label;
            this.category = category;
            this.intersect = new double[draws];
            this.activation = new double[draws];
        }
    }

    /** Interval of a score. */
    record Interval(double lower, double upper) {}

    ResampledScores(LayerScores scores, int from, int until, int draws) {
        this.from = from;
        this.draws = draws;
        this.units = new @Nullable Sums[until - from];
        for (UnitScores unit : scores.units()) {
            if (unit.unit() >= from && unit.unit() < until && unit.category() >= 0) {
                int label = unit.best().label();
                units[unit.unit() - from] = new Sums(label, unit.category(), draws);
                truth.computeIfAbsent(label, key -> new double[draws]);
            }
        }
    }

    /**
     * Adds one image. Thread-safe.
     *
     * @param labels labels of the same image
     * @param weights [draws] number of times the image counts
     */
    void add(MaskWords masks, LabelWords labels, double[] weights) {
        for (int mask = 0; mask < masks.count(); mask++) {
            Sums sums = units[masks.unit(mask) - from];
            if (sums != null) {
                add(weights, labels.intersect(masks, mask, sums.label), sums.intersect);
                add(weights, labels.activation(masks, mask, sums.category), sums.activation);
            }
        }
        int[] all = labels.truth();
        truth.forEach((label, sums) -> add(weights, all[label], sums));
    }

    private static void add(double[] weights, int pixels, double[] sums) {
        if (pixels > 0) {
            synchronized (sums) {
                for (int draw = 0; draw < sums.length; draw++) {
                    sums[draw] += weights[draw] * pixels;
                }
            }
        }
    }

    /** Middle 95 % of a unit's scores over the draws; null without a label. */
    @Nullable
    Interval interval(int unit) {
        Sums sums = units[unit - from];
        double[] truths = sums == null ? null : truth.get(sums.label);
        if (sums == null || truths == null) {
            return null;
        }
        double[] scores = new double[draws];
        for (int draw = 0; draw < draws; draw++) {
            double intersect = sums.intersect[draw];
            double union = truths[draw] + sums.activation[draw] - intersect;
            scores[draw] = union == 0 ? 0 : intersect / union;
        }
        Arrays.sort(scores);
        return new Interval(Quantiles.of(scores, 25), Quantiles.of(scores, 975));
    }
}
