package org.netdissect.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.CountingRule;
import org.netdissect.base.Json;
import org.netdissect.compare.Reproduction;
import org.netdissect.compare.ReproductionSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that dissects the networks of a paper's table and compares the counts. */
@Command(
        name = "reproduce",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = {
            "netdissect reproduce TABLE.csv --probe DIR [--models DIR] [--out DIR] [--rule RULE] [--json]",
            "                     [-- OPTION OF DISSECT ...]"
        },
        description = {
            "Dissects the networks of a paper's table, and prints the paper's counts, the run's and their difference.",
            "The table has a row for each layer of each network. Required columns: network and layer. Published counts: "
                    + "unique-all, unique-CATEGORY, detectors-all, detectors-CATEGORY; without them the run's counts are "
                    + "printed alone. Further columns: model, the network's file in --models (default: NETWORK.pt); "
                    + "module, the layer's name in that file (default: layer); options, options of dissect for this "
                    + "network, separated by blanks.",
            "A network that fails is named and left out. The same command continues an interrupted reproduction."
        },
        footer = {"", "Exit codes: 0 done, 1 a network failed, 2 wrong usage or input."})
final class ReproduceCommand implements Callable<Integer> {
    private final ConsoleStages stages;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "TABLE.csv", description = "Networks, layers and published counts.")
    @SuppressWarnings("NullAway.Init")
    private Path table;

    @Parameters(
            index = "1..*",
            paramLabel = "OPTION",
            description =
                    "After --, options of dissect for all networks, such as -- --preprocess imagenet --no-report.")
    private List<String> options = new ArrayList<>();

    @Option(names = "--probe", paramLabel = "DIR", required = true, description = "Probe set in the Broden format.")
    @SuppressWarnings("NullAway.Init")
    private Path probe;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description = "Folder of the networks' files (default: the table's folder).")
    private @Nullable Path models;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "netdissect-reproduction",
            description =
                    "Folder for a run directory of each network and reproduction.csv (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("netdissect-reproduction");

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            defaultValue = "per-category",
            description = "How detectors are counted: top-label, per-category or html (default: ${DEFAULT-VALUE}).")
    private CountingRule rule = CountingRule.PER_CATEGORY;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    ReproduceCommand(ConsoleStages stages) {
        this.stages = stages;
    }

    @Override
    public Integer call() throws IOException {
        Path folder = models == null ? table.resolveSibling("") : models;
        Reproduction reproduction =
                Reproduction.read(new ReproductionSettings(table, folder, probe, out, rule, options));
        PrintWriter stdout = spec.commandLine().getOut();
        if (!json) {
            stdout.println("Counts by the rule " + rule
                    + (reproduction.hasCounts() ? " against " + table : "; " + table + " has no published counts"));
        }
        Reproduction.Outcome outcome = reproduction.run(this::dissect, stages, counts -> {
            if (!json) {
                stdout.println(counts.text());
            }
        });
        print(outcome, stdout);
        if (outcome.failed().isEmpty()) {
            return ExitCode.DONE;
        }
        Errors.print(spec.commandLine().getErr(), "failed: " + String.join(", ", outcome.failed()));
        return ExitCode.FAILED;
    }

    /** Dissects one network without printing the result; returns the exit code. */
    private int dissect(List<String> arguments) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return Main.run(nowhere, stages.terminal(), arguments.toArray(String[]::new));
    }

    private void print(Reproduction.Outcome outcome, PrintWriter stdout) throws IOException {
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("against", table.toString());
            document.put("networks", outcome.counts().blocks());
            document.put("failed", outcome.failed());
            stdout.println(Json.text(document));
            return;
        }
        int done = outcome.networks() - outcome.failed().size();
        stdout.println(done + " of " + outcome.networks() + " networks"
                + (done == 0 ? "" : "; all counts: " + outcome.file()));
    }
}
