package org.netdissect.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.align.CountingRule;
import org.netdissect.base.FileNames;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.SafeFiles;

/**
 * Writes a run's report: {@code report.html} with the layers, their charts and, where there is one layer, its units; of
 * several layers each has a page of its own with its units, which keeps all of them quick to open.
 */
public final class HtmlReport {
    private final ReportFiles files;
    private final ReportSource source;
    private final List<LayerFindings> layers;
    private final CategoryColors colors;
    private final ShownImages images;
    private final Optional<String> noCharts;

    /** A report on these layers, at least one. */
    public HtmlReport(Path out, ReportSource source, List<LayerFindings> layers) {
        this.files = new ReportFiles(out);
        this.source = source;
        this.layers = List.copyOf(layers);
        this.colors = new CategoryColors(LayerCharts.names(source.probe().categories()));
        this.images = new ShownImages(source.probe(), layers);
        this.noCharts = ChartFiles.obstacle();
    }

    /** Number of images that are read. */
    public int images() {
        return images.count();
    }

    /** Writes all files; returns what the user should know, such as images that could not be read. */
    public List<String> write(int threads, ProgressListener progress) throws IOException {
        files.clear();
        images.write(files.images(), threads, progress);
        List<String> notes = new ArrayList<>();
        images.obstacle().ifPresent(notes::add);
        noCharts.ifPresent(notes::add);
        List<LayerView> views = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            views.add(writeLayer(i, notes));
        }
        Optional<LayerView.Figure> depth = layers.size() < 2 || noCharts.isPresent()
                ? Optional.empty()
                : Optional.of(figure(
                        files.page(),
                        LayerCharts.layers(reports(), "layers", colors),
                        "Unique detectors by category over the layers, each unit counted for its best label."));
        writePage(files.page(), heading(), views, depth, notes);
        return notes;
    }

    private List<LayerReport> reports() {
        return layers.stream().map(LayerFindings::report).toList();
    }

    private String heading() {
        return layers.size() == 1
                ? source.model() + ", " + layers.get(0).report().layer()
                : source.model();
    }

    /** Writes what one layer has of its own, and returns its section of the report. */
    private LayerView writeLayer(int position, List<String> notes) throws IOException {
        LayerFindings findings = layers.get(position);
        String layer = findings.report().layer();
        boolean single = layers.size() == 1;
        Path page = single ? files.page() : files.layerPage(layer);
        UnitViews units = new UnitViews(findings, images, colors, ReportFiles.address(page, files.images()) + "/");
        LayerView own = view(position, page, units.views());
        writeConcepts(files.concepts(layer), units.conceptPaths());
        if (single) {
            return own;
        }
        writePage(page, source.model() + ", " + layer, List.of(own), Optional.empty(), notes);
        return view(position, files.page(), List.of());
    }

    private void writePage(
            Path page, String heading, List<LayerView> views, Optional<LayerView.Figure> depth, List<String> notes)
            throws IOException {
        PageFrame frame = PageFrame.of(
                heading + " \u2013 netdissect", source.version(), source.provenance(), "report.css", "report.js");
        String overview = page.equals(files.page()) ? "" : ReportFiles.address(page, files.page());
        Pages.write(
                page,
                "report.jte",
                Map.of(
                        "frame", frame,
                        "heading", heading,
                        "source", source,
                        "overview", overview,
                        "layers", views,
                        "depth", depth,
                        "notes", notes));
    }

    private LayerView view(int position, Path page, List<UnitView> units) throws IOException {
        LayerReport report = layers.get(position).report();
        boolean elsewhere = layers.size() > 1 && page.equals(files.page());
        List<LayerView.Category> categories = report.categories().stream()
                .map(category -> new LayerView.Category(category.name(), colors.of(category.name())))
                .toList();
        List<LayerView.Rule> rules = new ArrayList<>();
        for (CountingRule rule : CountingRule.values()) {
            CountingRule.Counts counts = report.counts(rule);
            rules.add(new LayerView.Rule(
                    rule.toString(),
                    Wording.rule(rule, report.iouThreshold()),
                    counts.detectors(),
                    counts.unique(),
                    counts.categories().stream()
                            .map(CountingRule.CategoryCounts::unique)
                            .toList()));
        }
        return new LayerView(
                "layer-" + position,
                report.layer(),
                elsewhere ? ReportFiles.address(page, files.layerPage(report.layer())) : "",
                report.scores().units().size(),
                Wording.summary(report),
                categories,
                rules,
                figures(report, page),
                units,
                Wording.absent(report),
                ReportFiles.address(page, files.concepts(report.layer())));
    }

    private List<LayerView.Figure> figures(LayerReport report, Path page) throws IOException {
        List<LayerView.Figure> figures = new ArrayList<>();
        if (noCharts.isPresent()) {
            return figures;
        }
        String name = FileNames.of(report.layer());
        Optional<Chart> concepts = LayerCharts.concepts(report, name + "-concepts", colors);
        if (concepts.isPresent()) {
            figures.add(figure(page, concepts.get(), "Units that detect each concept, by category."));
        }
        figures.add(figure(
                page,
                LayerCharts.scores(report, name + "-iou", colors),
                "Units by the IoU of their label, coloured by its category."));
        return figures;
    }

    private LayerView.Figure figure(Path page, Chart chart, String caption) throws IOException {
        ChartFiles.write(files.charts(), chart);
        return new LayerView.Figure(
                caption,
                chart.inlineSvg(),
                ReportFiles.address(page, files.charts().resolve(chart.name())));
    }

    /** A script rather than JSON, which a page opened from disk may not read. Keys and paths are digits and letters. */
    private static void writeConcepts(Path file, Map<String, String> paths) throws IOException {
        StringBuilder text = new StringBuilder("netdissectConcepts={\n");
        paths.forEach((key, path) ->
                text.append('"').append(key).append("\":\"").append(path).append("\",\n"));
        byte[] bytes = text.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
        SafeFiles.write(file, out -> out.write(bytes));
    }
}
