package org.netdissect.result;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.CountingRule;
import org.netdissect.align.LayerScores;
import org.netdissect.base.GridSize;
import org.netdissect.base.Tail;
import org.netdissect.baseline.LayerBaseline;
import org.netdissect.labels.Category;
import org.netdissect.labels.LabelTable;

/**
 * The result of one layer, as its tables need it.
 *
 * @param layer dotted name; for the lower tail with the suffix -lower
 * @param map size of the units' activation maps
 * @param scores the units with their concepts
 * @param categories in category.csv's order
 * @param labels names of the concepts
 * @param iouThreshold a detector's score is greater
 * @param tail the tail of the activations that the masks are made of
 * @param tied units of the lower tail without masks, 0-based
 * @param baseline permutation baseline, or null without one
 */
public record LayerReport(
        String layer,
        GridSize map,
        LayerScores scores,
        List<Category> categories,
        LabelTable labels,
        double iouThreshold,
        Tail tail,
        Set<Integer> tied,
        @Nullable LayerBaseline baseline) {

    /** A report without a baseline. */
    public LayerReport(
            String layer,
            GridSize map,
            LayerScores scores,
            List<Category> categories,
            LabelTable labels,
            double iouThreshold,
            Tail tail,
            Set<Integer> tied) {
        this(layer, map, scores, categories, labels, iouThreshold, tail, tied, null);
    }

    /** A report on the upper tail. */
    public LayerReport(
            String layer,
            GridSize map,
            LayerScores scores,
            List<Category> categories,
            LabelTable labels,
            double iouThreshold) {
        this(layer, map, scores, categories, labels, iouThreshold, Tail.UPPER, Set.of());
    }

    /** The same units with other scores and another threshold. */
    public LayerReport with(LayerScores otherScores, double otherThreshold) {
        return new LayerReport(layer, map, otherScores, categories, labels, otherThreshold, tail, tied);
    }

    /** The same report with its baseline. */
    public LayerReport with(LayerBaseline found) {
        return new LayerReport(layer, map, scores, categories, labels, iouThreshold, tail, tied, found);
    }

    /** Detectors and unique detectors by one rule. */
    public CountingRule.Counts counts(CountingRule rule) {
        return rule.count(scores, categories.size(), iouThreshold);
    }
}
