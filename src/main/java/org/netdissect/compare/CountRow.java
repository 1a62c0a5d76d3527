package org.netdissect.compare;

import java.util.LinkedHashMap;
import java.util.Map;
import org.netdissect.align.CountingRule;
import org.netdissect.result.StoredTable;

/**
 * The counts of one layer by one rule.
 *
 * @param network the run or file, as the user knows it
 * @param layer dotted name, empty where it is not known
 * @param units number of units
 * @param iou a detector's IoU is greater
 * @param rule counting rule
 * @param all in all categories
 * @param categories by name, in the table's order
 */
record CountRow(
        String network,
        String layer,
        int units,
        double iou,
        CountingRule rule,
        Count all,
        Map<String, Count> categories) {

    /** Distinct labels, and the detectors that have them. */
    record Count(int unique, int detectors) {}

    static CountRow of(String network, String layer, StoredTable table, double iou, CountingRule rule) {
        CountingRule.Counts counts = table.counts(rule, iou);
        Map<String, Count> categories = new LinkedHashMap<>();
        for (int i = 0; i < table.categories().size(); i++) {
            CountingRule.CategoryCounts category = counts.categories().get(i);
            categories.put(table.categories().get(i), new Count(category.unique(), category.detectors()));
        }
        return new CountRow(
                network,
                layer,
                table.scores().units().size(),
                iou,
                rule,
                new Count(counts.unique(), counts.detectors()),
                categories);
    }
}
