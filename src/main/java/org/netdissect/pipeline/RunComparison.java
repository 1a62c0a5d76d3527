package org.netdissect.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.netdissect.align.CountingRule;
import org.netdissect.base.InputException;
import org.netdissect.base.SafeFiles;
import org.netdissect.report.compare.ComparedRun;
import org.netdissect.report.compare.Comparison;
import org.netdissect.report.compare.ComparisonFiles;
import org.netdissect.report.compare.Explanation;
import org.netdissect.report.compare.ExplanationText;
import org.netdissect.report.compare.NamedPath;
import org.netdissect.report.compare.TableName;

/** Reads run directories, compares them, and writes the comparison to a folder of its own. */
public final class RunComparison {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** The file that tells a comparison's folder; written last. */
    private static final String COMPARISON = "compare.json";

    private static final String EXPLANATION = "explain.json";
    private static final List<String> COMPARED = List.of("counts.csv", "counts.md", "concepts.csv", "units.csv");
    private static final List<String> EXPLAINED = List.of("explain.csv");

    private final List<ComparedRun> runs;

    private RunComparison(List<ComparedRun> runs) {
        this.runs = runs;
    }

    /**
     * Reads runs.
     *
     * @param iou threshold for all of them; each run's own where it is empty
     * @throws InputException where one is no run
     */
    public static RunComparison read(List<NamedPath> paths, OptionalDouble iou) throws IOException {
        List<TableName> names = NamedPath.names(paths);
        List<ComparedRun> runs = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            ComparedRun run = StoredRun.read(paths.get(i).path(), names.get(i).network());
            runs.add(iou.isEmpty() ? run : run.withIou(iou.getAsDouble()));
        }
        return new RunComparison(runs);
    }

    /** Compares the runs. Throws {@link InputException} where they are over different probe sets, unless mixed. */
    public Comparison compare(CountingRule rule, boolean mixed) {
        return Comparison.of(runs, rule, mixed);
    }

    /** Says why the first two runs differ. */
    public Explanation explain() {
        return Explanation.of(runs.get(0), runs.get(1));
    }

    /**
     * Refuses, before anything is computed, a folder that cannot be written or may hold somebody else's files.
     *
     * @param explanation whether an explanation is to be written, or a comparison
     * @param overwrite whether files of these names may be replaced whosever they are
     */
    public static void check(Path out, boolean explanation, boolean overwrite) {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new InputException("--out " + out + ": is a file, expected a folder");
        }
        String mark = explanation ? EXPLANATION : COMPARISON;
        for (String name : explanation ? EXPLAINED : COMPARED) {
            if (!overwrite && Files.exists(out.resolve(name)) && !Files.exists(out.resolve(mark))) {
                throw new InputException("--out " + out + ": has a " + name + " but no " + mark
                        + ", so that it may be somebody else's; choose another folder, or add --overwrite");
            }
        }
        RunDirectory.requireWritable(out);
    }

    /** Writes a comparison as CSV, Markdown and JSON; what an earlier one left and this one lacks goes. */
    public static void write(Path out, Comparison comparison) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("counts.csv", ComparisonFiles.countsCsv(comparison));
        files.put("counts.md", ComparisonFiles.countsMarkdown(comparison));
        if (comparison.runs().size() > 1) {
            files.put("concepts.csv", ComparisonFiles.conceptsCsv(comparison));
        }
        if (!comparison.units().isEmpty()) {
            files.put("units.csv", ComparisonFiles.unitsCsv(comparison));
        }
        write(out, COMPARED, files, COMPARISON, ComparisonFiles.json(comparison));
    }

    /** Writes an explanation as CSV, with all units, and JSON. */
    public static void write(Path out, Explanation explanation) throws IOException {
        write(
                out,
                EXPLAINED,
                Map.of("explain.csv", ExplanationText.csv(explanation)),
                EXPLANATION,
                ExplanationText.json(explanation));
    }

    private static void write(
            Path out, List<String> known, Map<String, String> files, String last, Map<String, Object> document)
            throws IOException {
        Files.deleteIfExists(out.resolve(last));
        for (String name : known) {
            Files.deleteIfExists(out.resolve(name));
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            SafeFiles.write(out.resolve(file.getKey()), file.getValue());
        }
        SafeFiles.write(out.resolve(last), JSON.writeValueAsString(document) + "\n");
    }
}
