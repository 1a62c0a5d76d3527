package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.CountingRule;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.base.Printable;
import org.netdissect.compare.ComparisonResult;
import org.netdissect.compare.RunComparison;
import org.netdissect.compare.RunDifference;
import org.netdissect.run.NamedPath;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that compares runs. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compares runs: counts of detectors, concepts gained and lost from the first run to each other, and "
                    + "changes of single units, for two runs with layers of the same names and units.",
            "A detector table counts as a run of one layer. With --explain: why two runs differ."
        })
final class CompareCommand implements Callable<Integer> {
    private static final String FOLDER = "netdissect-compare";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "[NAME=]RUN",
            arity = "1..*",
            description = "Run directories that dissect wrote, or detector tables.")
    private List<NamedPath> runs = new ArrayList<>();

    @Option(
            names = "--explain",
            description =
                    "Explain why two runs differ: settings, units that change their label or pass the threshold, and "
                            + "the ten largest changes with their counts. Writes files only with --out.")
    private boolean explain;

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            defaultValue = "top-label",
            description = "Counting rule of detectors: top-label, per-category or html (default: ${DEFAULT-VALUE}).")
    private CountingRule rule = CountingRule.TOP_LABEL;

    @Option(
            names = "--iou",
            paramLabel = "T",
            description = "A detector's IoU is greater than this (default: that of each run; 0.04 for a table).")
    private @Nullable Double iou;

    @Option(names = "--mixed", description = "Compare runs even over different probe sets, with a note.")
    private boolean mixed;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder for the files (default: " + FOLDER + ").")
    private @Nullable Path out;

    @Option(names = "--overwrite", description = "Replace files in the folder that no comparison wrote.")
    private boolean overwrite;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OptionalDouble threshold =
                iou == null ? OptionalDouble.empty() : OptionalDouble.of(Converters.iou("--iou", iou));
        if (explain && runs.size() != 2) {
            throw new InputException("--explain takes two runs, but " + runs.size() + " are given");
        }
        Path folder = out == null && !explain ? Path.of(FOLDER) : out;
        if (folder != null) {
            RunComparison.check(folder, explain, overwrite);
        }
        RunComparison comparison = RunComparison.read(runs, threshold);
        if (explain) {
            explain(comparison.explain(), folder);
        } else {
            compare(comparison.compare(rule, mixed), Objects.requireNonNull(folder));
        }
        return ExitCode.DONE;
    }

    private void explain(RunDifference difference, @Nullable Path folder) throws IOException {
        if (folder != null) {
            RunComparison.write(folder, difference);
        }
        print(difference.text(), difference.json(), folder);
    }

    private void compare(ComparisonResult result, Path folder) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        result.notes().forEach(note -> err.println("note: " + Printable.of(note)));
        RunComparison.Written written = RunComparison.write(folder, result);
        written.obstacle().ifPresent(obstacle -> err.println("note: " + Printable.of(obstacle)));
        print(result.text(), written.document(), folder);
    }

    private void print(String text, Map<String, Object> document, @Nullable Path folder) throws IOException {
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.println(Json.text(document));
            return;
        }
        stdout.print(text);
        if (folder != null) {
            stdout.println("\nFiles: " + folder);
        }
    }
}
