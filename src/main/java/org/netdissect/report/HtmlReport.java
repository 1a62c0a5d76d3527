package org.netdissect.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.netdissect.align.CountingRule;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.SafeFiles;
import org.netdissect.base.Workers;
import org.netdissect.report.chart.CategoryColors;
import org.netdissect.result.BaselineText;
import org.netdissect.result.LayerFindings;
import org.netdissect.result.LayerReport;

/**
 * The report of a run: {@code report.html} with the layers and their charts. The units are on the same page for a
 * single layer, and on one page per layer for several, so that each page opens quickly.
 */
public final class HtmlReport {
    private final ReportFiles files;
    private final ReportSource source;
    private final List<LayerFindings> layers;
    private final CategoryColors colors;
    private final ShownImages images;
    private final ShownVisualizations visualizations;
    private final ReportCharts charts;

    /** A report on these layers, at least one. */
    public HtmlReport(Path out, ReportSource source, List<LayerFindings> layers) {
        this.files = new ReportFiles(out);
        this.source = source;
        this.layers = List.copyOf(layers);
        this.colors = new CategoryColors(LayerCharts.names(source.labels().categories()));
        this.images = new ShownImages(source, layers);
        this.visualizations = new ShownVisualizations(files, source.visualizations());
        this.charts =
                new ReportCharts(layers.stream().map(LayerFindings::report).toList(), colors, files.charts());
    }

    /** Number of images that are read. */
    public int images() {
        return images.count();
    }

    /** Writes all files; returns notes for the user, such as images that could not be read. */
    public List<String> write(int threads, ProgressListener progress) throws IOException {
        files.clear();
        drawAndRead(threads, progress);
        List<String> notes = new ArrayList<>();
        images.obstacle().ifPresent(notes::add);
        charts.obstacle().ifPresent(notes::add);
        List<LayerView> views = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            views.add(writeLayer(i, threads, notes));
        }
        visualizations.obstacle().ifPresent(notes::add);
        writePage(files.page(), heading(), views, charts.depth(files.page()), withWarnings(notes));
        return notes;
    }

    /** Draws charts and reads images in parallel; charts come first, since they take longest. */
    private void drawAndRead(int threads, ProgressListener progress) throws IOException {
        Files.createDirectories(files.images());
        AtomicInteger read = new AtomicInteger();
        Workers.run(threads, charts.count() + images.count(), task -> {
            if (task < charts.count()) {
                charts.draw(task);
            } else {
                images.write(task - charts.count(), files.images());
                progress.progress(read.incrementAndGet(), images.count());
            }
        });
    }

    /** Puts the layers' warnings before the notes; a single layer has its warning in its section. */
    private List<String> withWarnings(List<String> notes) {
        List<String> all = new ArrayList<>();
        for (LayerFindings findings : layers.size() > 1 ? layers : List.<LayerFindings>of()) {
            LayerReport report = findings.report();
            BaselineText.warning(report)
                    .ifPresent(warning -> all.add("Layer " + report.layer() + ": " + warning + "."));
        }
        all.addAll(notes);
        return all;
    }

    private String heading() {
        return layers.size() == 1
                ? source.model() + ", " + layers.get(0).report().layer()
                : source.model();
    }

    /** Writes the page and the concepts of one layer, and returns its section of the report. */
    private LayerView writeLayer(int position, int threads, List<String> notes) throws IOException {
        LayerFindings findings = layers.get(position);
        String layer = findings.report().layer();
        boolean single = layers.size() == 1;
        Path page = single ? files.page() : files.layerPage(layer);
        ShownVisualizations.Layer made = visualizations.of(findings.report(), page);
        UnitViews units =
                new UnitViews(findings, images, made, colors, ReportFiles.address(page, files.images()) + "/");
        LayerView view = view(position, page, units.views(threads));
        writeConcepts(files.concepts(layer), units.conceptPaths());
        if (single) {
            return view;
        }
        writePage(page, source.model() + ", " + layer, List.of(view), Optional.empty(), notes);
        return view(position, files.page(), List.of());
    }

    private void writePage(
            Path page, String heading, List<LayerView> views, Optional<LayerView.Figure> depth, List<String> notes)
            throws IOException {
        PageFrame frame = PageFrame.of(
                heading + " \u2013 netdissect",
                source.version(),
                source.provenance(),
                "report.css",
                "made.css",
                "report.js");
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

    private LayerView view(int position, Path page, List<UnitView> units) {
        LayerReport report = layers.get(position).report();
        boolean elsewhere = layers.size() > 1 && page.equals(files.page());
        List<LayerView.CategoryColor> categories = report.categories().stream()
                .map(category -> new LayerView.CategoryColor(category.name(), colors.of(category.name())))
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
                BaselineText.counts(report),
                charts.of(report, page),
                units,
                Wording.notes(layers.get(position)),
                ReportFiles.address(page, files.concepts(report.layer())),
                Wording.shown(layers.get(position)));
    }

    /** Writes a script, since a page opened from disk may not read JSON. Keys and paths are digits and letters. */
    private static void writeConcepts(Path file, Map<String, String> paths) throws IOException {
        StringBuilder text = new StringBuilder("netdissectConcepts={\n");
        paths.forEach((key, path) ->
                text.append('"').append(key).append("\":\"").append(path).append("\",\n"));
        byte[] bytes = text.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
        SafeFiles.write(file, out -> out.write(bytes));
    }
}
