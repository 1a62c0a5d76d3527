package org.netdissect.report.chart;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.netdissect.align.CountingRule;
import org.netdissect.base.FileNames;
import org.netdissect.base.SafeFiles;
import org.netdissect.result.LayerSummary;
import org.netdissect.result.RotationPoint;
import org.netdissect.table.CsvText;
import org.netdissect.table.TextTable;

/**
 * The axis-alignment experiment of some layers: {@code rotation.csv}, {@code charts/rotation-LAYER.svg} and {@code .png}
 * in the run directory, and a table to print.
 */
public final class RotationCurve {
    private static final String TABLE = "rotation.csv";
    private static final String CHARTS = "charts";
    private static final String CHART = "rotation-";
    private static final Pattern CHART_FILE = Pattern.compile(CHART + ".+\\.(svg|png)");

    private final List<String> categories;
    private final CountingRule rule;
    private final List<RotationPoint> points;

    /**
     * A curve.
     *
     * @param rule counting rule of chart and printed table; the CSV has all rules
     * @param points by layer, alpha and trial
     */
    public RotationCurve(List<String> categories, CountingRule rule, List<RotationPoint> points) {
        this.categories = List.copyOf(categories);
        this.rule = rule;
        this.points = List.copyOf(points);
    }

    /** All points, by layer, alpha and trial. */
    public List<RotationPoint> points() {
        return points;
    }

    /** Writes table and charts; returns the reason if charts cannot be drawn. */
    public Optional<String> write(Path out) throws IOException {
        SafeFiles.write(out.resolve(TABLE), csv());
        Optional<String> obstacle = ChartFiles.obstacle();
        if (obstacle.isEmpty()) {
            for (Map.Entry<String, List<RotationPoint>> layer : byLayer().entrySet()) {
                Chart chart = RotationLines.chart(
                        CHART + FileNames.of(layer.getKey()), layer.getKey(), categories, rule, layer.getValue());
                ChartFiles.write(out.resolve(CHARTS), chart);
            }
        }
        return obstacle;
    }

    /** Removes the files of an earlier run; other files stay. */
    public static void clear(Path out) throws IOException {
        Files.deleteIfExists(out.resolve(TABLE));
        Path charts = out.resolve(CHARTS);
        if (!Files.isDirectory(charts)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(charts)) {
            files = listed.toList();
        }
        int left = files.size();
        for (Path file : files) {
            if (CHART_FILE.matcher(file.getFileName().toString()).matches()) {
                Files.delete(file);
                left--;
            }
        }
        if (left == 0) {
            Files.delete(charts);
        }
    }

    /** One row for each layer, alpha, trial and counting rule. */
    String csv() {
        List<String> header =
                new ArrayList<>(List.of("layer", "alpha", "trial", "seed", "rule", "detectors", "unique"));
        categories.forEach(category -> header.add("unique-" + category));
        CsvText table = new CsvText(header);
        for (RotationPoint point : points) {
            point.counts().forEach((name, counts) -> {
                List<Object> row = new ArrayList<>(List.of(
                        point.layer(),
                        point.alpha().toPlainString(),
                        point.trial(),
                        point.seed(),
                        name,
                        counts.detectors(),
                        counts.unique()));
                categories.forEach(category -> row.add(unique(counts, category)));
                table.add(row);
            });
        }
        return table.toString();
    }

    /** Table for a terminal: means over trials by layer and alpha, with the least and most unique labels of a trial. */
    public String text() {
        List<String> header = new ArrayList<>(List.of("layer", "alpha", "detectors", "unique", "least", "most"));
        header.addAll(categories);
        TextTable table = new TextTable(1, header);
        byLayer()
                .forEach((layer, ofLayer) -> byAlpha(ofLayer).forEach((alpha, trials) -> {
                    List<LayerSummary.RuleCounts> counts =
                            trials.stream().map(point -> counts(point, rule)).toList();
                    List<String> row = new ArrayList<>(List.of(
                            layer,
                            alpha.toPlainString(),
                            mean(counts, LayerSummary.RuleCounts::detectors),
                            mean(counts, LayerSummary.RuleCounts::unique),
                            Integer.toString(unique(counts).min().orElseThrow()),
                            Integer.toString(unique(counts).max().orElseThrow())));
                    categories.forEach(category -> row.add(mean(counts, one -> unique(one, category))));
                    table.add(row);
                }));
        return table.toString();
    }

    private static IntStream unique(List<LayerSummary.RuleCounts> counts) {
        return counts.stream().mapToInt(LayerSummary.RuleCounts::unique);
    }

    private static String mean(List<LayerSummary.RuleCounts> counts, ToIntFunction<LayerSummary.RuleCounts> count) {
        double mean = counts.stream().mapToInt(count).average().orElseThrow();
        return String.format(Locale.ROOT, "%.1f", mean);
    }

    static LayerSummary.RuleCounts counts(RotationPoint point, CountingRule rule) {
        return Objects.requireNonNull(point.counts().get(rule.toString()));
    }

    static int unique(LayerSummary.RuleCounts counts, String category) {
        return Objects.requireNonNull(counts.categories().get(category)).unique();
    }

    static Map<BigDecimal, List<RotationPoint>> byAlpha(List<RotationPoint> points) {
        Map<BigDecimal, List<RotationPoint>> byAlpha = new TreeMap<>();
        points.forEach(point -> byAlpha.computeIfAbsent(point.alpha(), alpha -> new ArrayList<>())
                .add(point));
        return byAlpha;
    }

    private Map<String, List<RotationPoint>> byLayer() {
        Map<String, List<RotationPoint>> byLayer = new LinkedHashMap<>();
        points.forEach(point -> byLayer.computeIfAbsent(point.layer(), layer -> new ArrayList<>())
                .add(point));
        return byLayer;
    }
}
