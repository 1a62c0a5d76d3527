package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.CountingRule;
import org.netdissect.base.Json;
import org.netdissect.base.Printable;
import org.netdissect.pipeline.StoredRun;
import org.netdissect.report.StoredTable;
import org.netdissect.report.compare.ComparedLayer;
import org.netdissect.report.compare.ComparedRun;
import org.netdissect.report.compare.CountRow;
import org.netdissect.report.compare.CountTable;
import org.netdissect.report.compare.NamedPath;
import org.netdissect.report.compare.PaperTable;
import org.netdissect.report.compare.PublishedCounts;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Counts the detectors of tables that we or others wrote. */
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
                    "Detector tables, or run directories with all their layers; with the network's name where the "
                            + "path does not tell it.")
    private List<NamedPath> files = new ArrayList<>();

    @Option(
            names = "--iou",
            paramLabel = "T",
            description = "A detector's IoU is greater than this (default: 0.04; of a run its own).")
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
                    "Hold the counts against published ones: a row for each network, with the columns network, "
                            + "layer (of several for one network; or module, "
                            + "its name in the network that was dissected), unique-all, unique-CATEGORY, detectors-all, detectors-CATEGORY.")
    private @Nullable Path against;

    @ArgGroup
    private @Nullable Form form;

    /** How the result is printed, if not as text. */
    private static final class Form {
        @Option(names = "--json", description = "Print the result as JSON.")
        private boolean json;

        // one of the two is there, or picocli makes no group
        @Option(names = "--csv", description = "Print the result as CSV.")
        @SuppressWarnings("UnusedVariable")
        private boolean csv;
    }

    @Override
    public Integer call() throws IOException {
        List<ComparedRun> runs = StoredRun.readAll(
                files, iou == null ? OptionalDouble.empty() : OptionalDouble.of(Converters.iou("--iou", iou)));
        for (ComparedRun run : runs) {
            run.layers().forEach(layer -> printDisagreements(layer.table()));
        }
        if (against == null) {
            printCounts(runs);
        } else {
            printAgainst(runs, against);
        }
        return ExitCode.DONE;
    }

    private void printDisagreements(StoredTable table) {
        if (table.disagreements() > 0) {
            String note =
                    "note: " + table.disagreements() + " IoUs are not intersect / (truth + activation - intersect), "
                            + "and count as they stand; the first: " + table.firstDisagreement();
            spec.commandLine().getErr().println(Printable.of(note));
        }
    }

    private static List<CountRow> rows(List<ComparedRun> runs, List<CountingRule> rules) {
        List<CountRow> rows = new ArrayList<>();
        for (ComparedRun run : runs) {
            for (ComparedLayer layer : run.layers()) {
                for (CountingRule one : rules) {
                    rows.add(CountRow.of(run.name(), layer.name(), layer.table(), run.iou(), one));
                }
            }
        }
        return rows;
    }

    private void printCounts(List<ComparedRun> runs) throws IOException {
        CountTable table = new CountTable(rows(runs, rule == null ? List.of(CountingRule.values()) : List.of(rule)));
        if (form == null) {
            List<String> thresholds = runs.stream()
                    .map(run -> Double.toString(run.iou()))
                    .distinct()
                    .toList();
            PrintWriter out = spec.commandLine().getOut();
            out.println("Detectors (IoU > " + (thresholds.size() == 1 ? thresholds.get(0) : "each run's own threshold")
                    + ", rule html: >=); by category unique labels/detectors");
            out.print(table.text());
        } else {
            print(form, table.csv(), Map.of("tables", table.json()));
        }
    }

    private void printAgainst(List<ComparedRun> runs, Path file) throws IOException {
        CountingRule one = rule == null ? CountingRule.PER_CATEGORY : rule;
        PublishedCounts published = PublishedCounts.read(file, one);
        PaperTable table = new PaperTable();
        for (CountRow row : rows(runs, List.of(one))) {
            table.add(published.of(row.network(), row.layer()), row);
        }
        if (form == null) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("Counts by the rule " + one + " against " + file);
            out.print(table.text());
        } else {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("against", file.toString());
            document.put("networks", table.blocks());
            print(form, table.csv(), document);
        }
    }

    private void print(Form wanted, String csv, Map<String, Object> document) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (wanted.json) {
            out.println(Json.text(document));
        } else {
            out.print(csv);
        }
    }
}
