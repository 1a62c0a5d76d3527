package org.netdissect.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.CountingRule;
import org.netdissect.table.CsvText;
import org.netdissect.table.TextTable;

/**
 * Counts of one layer at one top fraction and one IoU threshold.
 *
 * @param topFraction q, or null for given thresholds
 * @param iou a detector's score is greater
 * @param counts by counting rule
 */
public record SweepRow(@Nullable String topFraction, double iou, Map<String, LayerSummary.RuleCounts> counts) {
    private static final List<String> NUMBERS = List.of("detectors", "unique");

    /** Counts of a report at the fraction and the threshold. */
    public static SweepRow of(@Nullable String topFraction, LayerReport report) {
        return new SweepRow(topFraction, report.iouThreshold(), LayerSummary.counts(report));
    }

    private LayerSummary.RuleCounts counts(String rule) {
        return Objects.requireNonNull(counts.get(rule));
    }

    /**
     * The file {@code sweep.csv}: detectors and unique ones by every rule, then by category.
     *
     * @param rule of the counts by category
     */
    public static String csv(List<SweepRow> rows, String rule) {
        List<String> header = new ArrayList<>(List.of("top-fraction", "iou"));
        for (CountingRule each : CountingRule.values()) {
            NUMBERS.forEach(number -> header.add(each + "-" + number));
        }
        rows.get(0)
                .counts(rule)
                .categories()
                .keySet()
                .forEach(category -> NUMBERS.forEach(number -> header.add(category + "-" + number)));
        CsvText table = new CsvText(header);
        for (SweepRow row : rows) {
            List<@Nullable Object> cells = new ArrayList<>();
            cells.add(row.topFraction());
            cells.add(row.iou());
            for (CountingRule each : CountingRule.values()) {
                cells.add(row.counts(each.toString()).detectors());
                cells.add(row.counts(each.toString()).unique());
            }
            row.counts(rule).categories().values().forEach(category -> {
                cells.add(category.detectors());
                cells.add(category.unique());
            });
            table.add(cells);
        }
        return table.toString();
    }

    /** The counts as text by one rule, with unique detectors by category. */
    public static String text(List<SweepRow> rows, String rule) {
        List<String> header = new ArrayList<>(List.of("top fraction", "IoU", "detectors", "unique"));
        header.addAll(rows.get(0).counts(rule).categories().keySet());
        TextTable table = new TextTable(0, header);
        for (SweepRow row : rows) {
            LayerSummary.RuleCounts counts = row.counts(rule);
            List<String> cells = new ArrayList<>(List.of(
                    row.topFraction() == null ? "given" : row.topFraction(),
                    Double.toString(row.iou()),
                    Integer.toString(counts.detectors()),
                    Integer.toString(counts.unique())));
            counts.categories().values().forEach(category -> cells.add(Integer.toString(category.unique())));
            table.add(cells);
        }
        return table.toString();
    }
}
