package org.netdissect.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.netdissect.align.CountingRule;
import org.netdissect.align.UnitScores;
import org.netdissect.base.Printable;
import org.netdissect.baseline.LayerBaseline;
import org.netdissect.labels.Category;
import org.netdissect.result.BaselineText;
import org.netdissect.result.LayerReport;
import org.netdissect.result.LayerSummary;
import org.netdissect.result.SweepRow;
import org.netdissect.table.TextTable;

/** A run as text: the layers, and the best units of each. */
public final class Overview {
    private Overview() {}

    /**
     * One row per layer: units, detectors, unique detectors, and unique detectors by category. With a baseline also
     * detectors by chance, significant ones and, for a sample of the images, the detectors on it.
     */
    public static String layers(List<LayerReport> reports, CountingRule rule, int images) {
        List<String> header = new ArrayList<>(List.of("layer", "units", "detectors", "unique"));
        LayerBaseline first = reports.get(0).baseline();
        boolean hasSample = first != null && first.sample().images() < images;
        if (hasSample) {
            header.add("in sample");
        }
        if (first != null) {
            header.addAll(List.of("by chance", "significant"));
        }
        for (Category category : reports.get(0).categories()) {
            header.add(category.name());
        }
        TextTable table = new TextTable(1, header);
        for (LayerReport report : reports) {
            CountingRule.Counts counts = report.counts(rule);
            List<String> row = new ArrayList<>(List.of(
                    report.layer(),
                    Integer.toString(report.scores().units().size()),
                    Integer.toString(counts.detectors()),
                    Integer.toString(counts.unique())));
            LayerBaseline baseline = report.baseline();
            if (baseline != null) {
                if (hasSample) {
                    row.add(Integer.toString(baseline.sample().detectors()));
                }
                row.addAll(BaselineText.counts(report));
            }
            counts.categories().forEach(category -> row.add(Integer.toString(category.unique())));
            table.add(row);
        }
        return table.toString();
    }

    /** The units of greatest score, with precision (label in the mask) and recall (mask in the label). */
    public static String bestUnits(LayerReport report, int most) {
        if (report.scores().units().get(0).category() < 0) {
            return "no unit's mask meets a label\n";
        }
        TextTable table = new TextTable(2, List.of("label", "category", "unit", "IoU", "precision", "recall"));
        for (UnitScores unit : report.scores()
                .units()
                .subList(0, Math.min(most, report.scores().units().size()))) {
            if (unit.category() >= 0) {
                table.add(List.of(
                        report.labels().displayName(unit.best().label()),
                        report.categories().get(unit.category()).name(),
                        Integer.toString(unit.unit() + 1),
                        String.format(Locale.ROOT, "%.3f", unit.best().iou()),
                        ratio(unit.best().intersect(), unit.best().activation()),
                        ratio(unit.best().intersect(), unit.best().truth())));
            }
        }
        return table.toString();
    }

    /** Tables of sweeps, and detectors that hold in another split; often empty. */
    public static String details(List<LayerSummary> summaries) {
        StringBuilder text = new StringBuilder();
        for (LayerSummary summary : summaries) {
            String layer = Printable.of(summary.layer());
            if (summary.sweep() != null) {
                text.append("Sweep of ")
                        .append(layer)
                        .append(": detectors, unique labels, and unique labels by category\n")
                        .append(SweepRow.text(summary.sweep(), summary.detectorRule()))
                        .append('\n');
            }
            if (summary.splits() != null) {
                text.append("Splits of ")
                        .append(layer)
                        .append(", with the thresholds of all images\n")
                        .append(summary.splits().text())
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String ratio(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.3f", (double) part / whole);
    }
}
