package org.netdissect.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.align.CountingRule;
import org.netdissect.align.UnitScores;
import org.netdissect.labels.Category;
import org.netdissect.report.chart.CategoryColors;
import org.netdissect.report.chart.CategoryLines;
import org.netdissect.report.chart.Chart;
import org.netdissect.report.chart.ChartCounts;
import org.netdissect.report.chart.ConceptBars;
import org.netdissect.report.chart.IouHistogram;
import org.netdissect.result.LayerReport;

/** Makes the charts of layers from their results. */
final class LayerCharts {
    private LayerCharts() {}

    /** Units by concept, of the detectors by the top-label rule; nothing where there are none. */
    static Optional<Chart> concepts(LayerReport report, String name, CategoryColors colors) {
        Map<Integer, ConceptBars.Bar> byLabel = new LinkedHashMap<>();
        for (UnitScores unit : report.scores().units()) {
            if (unit.best().iou() > report.iouThreshold()) {
                int label = unit.best().label();
                String category = report.categories().get(unit.category()).name();
                byLabel.merge(
                        label,
                        new ConceptBars.Bar(report.labels().displayName(label), category, 1),
                        (a, b) -> new ConceptBars.Bar(a.concept(), a.category(), a.units() + 1));
            }
        }
        if (byLabel.isEmpty()) {
            return Optional.empty();
        }
        List<String> order = names(report.categories());
        List<ConceptBars.Bar> bars = new ArrayList<>(byLabel.values());
        bars.sort(Comparator.comparingInt((ConceptBars.Bar bar) -> order.indexOf(bar.category()))
                .thenComparingInt(bar -> -bar.units())
                .thenComparing(ConceptBars.Bar::concept));
        String title = "Bar chart: units of " + report.layer() + " by the concept they detect, " + bars.size()
                + " concepts by category.";
        return Optional.of(ConceptBars.chart(name, title, bars, colors));
    }

    /** Units by IoU. */
    static Chart scores(LayerReport report, String name, CategoryColors colors) {
        List<IouHistogram.Value> values = new ArrayList<>();
        for (UnitScores unit : report.scores().units()) {
            String category = unit.category() < 0
                    ? ""
                    : report.categories().get(unit.category()).name();
            values.add(new IouHistogram.Value(unit.best().iou(), category));
        }
        String title = "Histogram: units of " + report.layer() + " by the IoU of their label.";
        return IouHistogram.chart(name, title, values, report.iouThreshold(), colors);
    }

    /** Unique detectors by category over the layers, by the top-label rule. */
    static Chart layers(List<LayerReport> reports, String name, CategoryColors colors) {
        List<ChartCounts> columns = new ArrayList<>();
        for (LayerReport report : reports) {
            List<Integer> unique = report.counts(CountingRule.TOP_LABEL).categories().stream()
                    .map(CountingRule.CategoryCounts::unique)
                    .toList();
            columns.add(new ChartCounts(report.layer(), unique));
        }
        return CategoryLines.chart(
                name,
                "Line chart: unique detectors by category over the layers, in the order they were named.",
                names(reports.get(0).categories()),
                columns,
                colors);
    }

    static List<String> names(List<Category> categories) {
        return categories.stream().map(Category::name).toList();
    }
}
