package org.netdissect.report;

import java.util.List;
import org.netdissect.align.CountingRule;
import org.netdissect.align.LayerScores;
import org.netdissect.base.GridSize;
import org.netdissect.broden.Category;
import org.netdissect.broden.LabelTable;

/**
 * What was found out about one layer: all that its tables need.
 *
 * @param layer dotted name
 * @param map size of the units' activation maps
 * @param scores the units with their concepts
 * @param categories in category.csv's order
 * @param labels names of the concepts
 * @param iouThreshold a detector's score is greater
 */
public record LayerReport(
        String layer,
        GridSize map,
        LayerScores scores,
        List<Category> categories,
        LabelTable labels,
        double iouThreshold) {

    /** Detectors and unique detectors by one rule. */
    public CountingRule.Counts counts(CountingRule rule) {
        return rule.count(scores, categories.size(), iouThreshold);
    }
}
