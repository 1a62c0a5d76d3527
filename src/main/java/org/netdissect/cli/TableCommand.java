package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.CountingRule;
import org.netdissect.base.Json;
import org.netdissect.compare.DetectorCounts;
import org.netdissect.run.NamedPath;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that counts the detectors of tables, including other programs' tables. */
@Command(
        name = "table",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Counts the detectors of tables by all three rules: our detectors.csv, *-result.csv of NetDissect (2017), "
                    + "tally.csv of NetDissect-Lite.",
            "A table's network and layer are taken from its path: NETWORK/LAYER/detectors.csv, "
                    + "NETWORK/LAYER-result.csv, NETWORK/tally.csv, else NETWORK.csv."
        })
final class TableCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "[NETWORK=]FILE",
            arity = "1..*",
            description =
                    "Detector tables, or run directories with all their layers; with the network's name if the path "
                            + "does not show it.")
    private List<NamedPath> files = new ArrayList<>();

    @Option(
            names = "--iou",
            paramLabel = "T",
            description = "A detector's IoU is greater than this (default: 0.04; for a run, its threshold).")
    private @Nullable Double iou;

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            description = "top-label, per-category or html (default: all three; with --against, per-category).")
    private @Nullable CountingRule rule;

    @Option(
            names = "--against",
            paramLabel = "COUNTS.csv",
            description =
                    "Compare the counts with published ones: a row for each network, with the columns network, layer "
                            + "(for several of one network; or module, its name in the dissected network), unique-all, "
                            + "unique-CATEGORY, detectors-all, detectors-CATEGORY.")
    private @Nullable Path against;

    @ArgGroup
    private @Nullable Form form;

    /** The format of the output, if not text. */
    private static final class Form {
        @Option(names = "--json", description = "Print the result as JSON.")
        private boolean json;

        // not read: a group without --json has --csv
        @Option(names = "--csv", description = "Print the result as CSV.")
        @SuppressWarnings("UnusedVariable")
        private boolean csv;
    }

    @Override
    public Integer call() throws IOException {
        DetectorCounts counts = DetectorCounts.read(
                files, iou == null ? OptionalDouble.empty() : OptionalDouble.of(Converters.iou("--iou", iou)));
        counts.notes().forEach(note -> spec.commandLine().getErr().println("note: " + note));
        DetectorCounts.Printout result = against == null ? counts.counts(rule) : counts.against(against, rule);
        PrintWriter out = spec.commandLine().getOut();
        if (form == null) {
            out.print(result.text());
        } else if (form.json) {
            out.println(Json.text(result.json()));
        } else {
            out.print(result.csv());
        }
        return ExitCode.DONE;
    }
}
