package org.netdissect.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.netdissect.align.CountingRule;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.base.SafeFiles;
import org.netdissect.report.chart.Chart;
import org.netdissect.report.chart.ChartFiles;
import org.netdissect.run.ComparedRun;
import org.netdissect.run.NamedPath;
import org.netdissect.run.RunDirectory;
import org.netdissect.run.StoredRun;
import org.netdissect.run.Versions;

/** The comparison of run directories, and its files. */
public final class RunComparison {

    /** The file that marks a comparison's folder; written last. */
    private static final String COMPARISON = "compare.json";

    private static final String PAGE = "compare.html";
    private static final String EXPLANATION = "explain.json";
    private static final List<String> COMPARED = List.of("counts.csv", "counts.md", "concepts.csv", "units.csv", PAGE);
    private static final List<String> EXPLAINED = List.of("explain.csv");

    private final List<ComparedRun> runs;

    private RunComparison(List<ComparedRun> runs) {
        this.runs = runs;
    }

    /**
     * Reads runs.
     *
     * @param iou threshold for all runs; if empty, each run's setting
     * @throws InputException if one is no run
     */
    public static RunComparison read(List<NamedPath> paths, OptionalDouble iou) throws IOException {
        List<ComparedRun> runs = new ArrayList<>();
        List<ComparedRun> read = StoredRun.readAll(paths, iou);
        for (ComparedRun run : read) {
            long namesakes = read.stream()
                    .filter(other -> other.name().equals(run.name()))
                    .count();
            // tables of several layers may share the network's name
            runs.add(
                    namesakes == 1
                            ? run
                            : run.withName(
                                    run.name() + "/" + run.layers().get(0).name()));
        }
        return new RunComparison(runs);
    }

    /** Compares the runs. Throws {@link InputException} for different probe sets, unless mixed. */
    public ComparisonResult compare(CountingRule rule, boolean mixed) {
        return ComparisonResult.of(runs, rule, mixed);
    }

    /** Explains why the first two runs differ. */
    public RunDifference explain() {
        return RunDifference.of(runs.get(0), runs.get(1));
    }

    /**
     * Refuses a folder that cannot be written or may hold another program's files.
     *
     * @param explanation whether an explanation is to be written, or a comparison
     * @param overwrite whether other files of the same names may be replaced
     */
    public static void check(Path out, boolean explanation, boolean overwrite) {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new InputException("--out " + out + ": is a file, expected a folder");
        }
        String mark = explanation ? EXPLANATION : COMPARISON;
        for (String name : explanation ? EXPLAINED : COMPARED) {
            if (!overwrite && Files.exists(out.resolve(name)) && !Files.exists(out.resolve(mark))) {
                throw new InputException("--out " + out + ": has a " + name + " but no " + mark
                        + ", so that it may be another program's; choose another folder, or add --overwrite");
            }
        }
        RunDirectory.requireWritable(out);
    }

    /**
     * Writes a comparison as CSV, Markdown, JSON, figures and a page, and removes the files of an earlier one.
     *
     * @return the document of compare.json, and the reason for missing figures, if any
     */
    public static Written write(Path out, ComparisonResult comparison) throws IOException {
        removeEarlier(out, COMPARISON, COMPARED);
        List<String> files = new ArrayList<>(List.of("counts.csv", "counts.md"));
        SafeFiles.write(out.resolve("counts.csv"), ComparisonFiles.countsCsv(comparison));
        SafeFiles.write(out.resolve("counts.md"), ComparisonFiles.countsMarkdown(comparison));
        if (comparison.runs().size() > 1) {
            files.add("concepts.csv");
            SafeFiles.write(out.resolve("concepts.csv"), ComparisonFiles.conceptsCsv(comparison));
        }
        if (!comparison.units().isEmpty()) {
            files.add("units.csv");
            SafeFiles.write(out.resolve("units.csv"), ComparisonFiles.unitsCsv(comparison));
        }
        Optional<String> obstacle = ChartFiles.obstacle();
        List<Chart> figures = obstacle.isEmpty() ? ComparisonFigures.of(comparison) : List.of();
        for (Chart figure : figures) {
            ChartFiles.write(out, figure);
            files.addAll(List.of(figure.name() + ".svg", figure.name() + ".png"));
        }
        ComparisonText.page(comparison, figures).write(out.resolve(PAGE), Versions.program());
        files.add(PAGE);
        Map<String, Object> document = ComparisonFiles.json(comparison, files);
        SafeFiles.write(out.resolve(COMPARISON), Json.text(document) + "\n");
        return new Written(document, obstacle);
    }

    /** The document of compare.json, and the reason for missing figures. */
    public record Written(Map<String, Object> document, Optional<String> obstacle) {}

    /** Writes an explanation as CSV, with all units, and JSON. */
    public static void write(Path out, RunDifference difference) throws IOException {
        removeEarlier(out, EXPLANATION, EXPLAINED);
        SafeFiles.write(out.resolve("explain.csv"), DifferenceText.csv(difference));
        SafeFiles.write(out.resolve(EXPLANATION), Json.text(difference.json()) + "\n");
    }

    /** Removes earlier files, and the figures that the earlier comparison lists, since they are named after runs. */
    private static void removeEarlier(Path out, String mark, List<String> known) throws IOException {
        Path earlier = out.resolve(mark);
        if (Files.isRegularFile(earlier)) {
            for (String name : listed(earlier)) {
                if (ComparisonFigures.isFigure(name)) {
                    Files.deleteIfExists(out.resolve(name));
                }
            }
        }
        Files.deleteIfExists(earlier);
        for (String name : known) {
            Files.deleteIfExists(out.resolve(name));
        }
    }

    private static List<String> listed(Path document) throws IOException {
        try {
            List<String> names = new ArrayList<>();
            Json.read(Files.readAllBytes(document)).path("files").forEach(name -> names.add(name.asText()));
            return names;
        } catch (JsonProcessingException damaged) {
            // no figure is deleted, since the folder may be another program's
            return List.of();
        }
    }
}
