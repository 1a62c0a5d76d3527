package org.netdissect.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.netdissect.base.FileNames;
import org.netdissect.report.chart.CategoryColors;
import org.netdissect.report.chart.Chart;
import org.netdissect.report.chart.ChartFiles;
import org.netdissect.result.LayerReport;

/** The charts of a report, each drawn by one of several threads. */
final class ReportCharts {
    private static final String LAYERS = "layers";
    private static final String CONCEPTS = "-concepts";
    private static final String SCORES = "-iou";

    private final List<LayerReport> reports;
    private final CategoryColors colors;
    private final Path folder;
    private final Optional<String> obstacle = ChartFiles.obstacle();
    private final List<Task> tasks = new ArrayList<>();
    /** svg elements, by the chart's name */
    private final Map<String, String> drawn = new ConcurrentHashMap<>();

    /** Draws a chart, if there is something to show. */
    @FunctionalInterface
    private interface Task {
        Optional<Chart> chart();
    }

    ReportCharts(List<LayerReport> reports, CategoryColors colors, Path folder) {
        this.reports = reports;
        this.colors = colors;
        this.folder = folder;
        if (obstacle.isPresent()) {
            return;
        }
        for (LayerReport report : reports) {
            String name = FileNames.of(report.layer());
            tasks.add(() -> LayerCharts.concepts(report, name + CONCEPTS, colors));
            tasks.add(() -> Optional.of(LayerCharts.scores(report, name + SCORES, colors)));
        }
        if (reports.size() > 1) {
            tasks.add(() -> Optional.of(LayerCharts.layers(this.reports, LAYERS, this.colors)));
        }
    }

    /** The reason why there are no charts. */
    Optional<String> obstacle() {
        return obstacle;
    }

    int count() {
        return tasks.size();
    }

    void draw(int index) throws IOException {
        Optional<Chart> chart = tasks.get(index).chart();
        if (chart.isPresent()) {
            drawn.put(chart.get().name(), ChartFiles.write(folder, chart.get()));
        }
    }

    /** The chart over the layers, for a page. */
    Optional<LayerView.Figure> depth(Path page) {
        return figure(
                page, LAYERS, "Unique detectors by category over the layers, each unit counted for its best label.");
    }

    /** The charts of one layer, for a page. */
    List<LayerView.Figure> of(LayerReport report, Path page) {
        String name = FileNames.of(report.layer());
        List<LayerView.Figure> figures = new ArrayList<>();
        figure(page, name + CONCEPTS, "Units that detect each concept, by category.")
                .ifPresent(figures::add);
        figure(page, name + SCORES, "Units by the IoU of their label, coloured by its category.")
                .ifPresent(figures::add);
        return figures;
    }

    private Optional<LayerView.Figure> figure(Path page, String name, String caption) {
        return Optional.ofNullable(drawn.get(name))
                .map(svg -> new LayerView.Figure(caption, svg, ReportFiles.address(page, folder.resolve(name))));
    }
}
