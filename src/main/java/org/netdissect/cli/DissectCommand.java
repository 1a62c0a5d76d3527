package org.netdissect.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.Precision;
import org.netdissect.align.Interpolation;
import org.netdissect.base.InputException;
import org.netdissect.broden.Selection;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.Engines;
import org.netdissect.pipeline.Dissection;
import org.netdissect.pipeline.DissectionResult;
import org.netdissect.pipeline.DissectionSettings;
import org.netdissect.pipeline.Requirement;
import org.netdissect.pipeline.Sample;
import org.netdissect.report.LayerReport;
import org.netdissect.report.Overview;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds what the units of a network's layers detect. */
@Command(
        name = "dissect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Finds what the units of a network's layers detect, and writes the detector tables.",
            "Without --model and --probe it dissects the bundled sample. @FILE reads options from a file."
        })
final class DissectCommand implements Callable<Integer> {
    private static final int BEST_UNITS = 10;

    private final PrintStream err;
    private final String[] args;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "M.pt", description = "Network as a TorchScript archive.")
    private @Nullable Path model;

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            description = "Layer to dissect; may be given several times, * and ? match any characters "
                    + "(default: the layers named in the JSON file beside the model).")
    private List<String> layers = new ArrayList<>();

    @Option(names = "--probe", paramLabel = "DIR", description = "Probe set in the Broden format.")
    private @Nullable Path probe;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "netdissect-out",
            description = "Run directory (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("netdissect-out");

    @Option(names = "--overwrite", description = "Replace another run in the run directory.")
    private boolean overwrite;

    @Mixin
    private InputOptions input = new InputOptions();

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Images per forward pass (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "auto, cpu, gpu or gpu:N (default: ${DEFAULT-VALUE}).")
    private ComputeDevice device = ComputeDevice.AUTO;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the engine and of alignment (default: one per core).")
    private @Nullable Integer threads;

    @Option(
            names = "--top-fraction",
            paramLabel = "Q",
            defaultValue = "0.005",
            description = "At most this fraction of a unit's activations is above its threshold (default: "
                    + "${DEFAULT-VALUE}).")
    private BigDecimal topFraction = new BigDecimal("0.005");

    @Option(
            names = "--iou",
            paramLabel = "T",
            defaultValue = "0.04",
            description = "A detector's IoU is greater than this (default: ${DEFAULT-VALUE}).")
    private double iou;

    @Option(
            names = "--interpolation",
            paramLabel = "NAME",
            defaultValue = "half-pixel",
            description = "How maps are resized to the label grid: half-pixel or align-corners (default: "
                    + "${DEFAULT-VALUE}).")
    private Interpolation interpolation = Interpolation.HALF_PIXEL;

    @Option(names = "--categories", paramLabel = "A,B", split = ",", description = "Use only these label categories.")
    private List<String> categories = new ArrayList<>();

    @Option(names = "--split", paramLabel = "A,B", split = ",", description = "Use only images of these splits.")
    private List<String> splits = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "N", description = "Use only the first N images.")
    private @Nullable Integer limit;

    @Option(
            names = "--thresholds",
            paramLabel = "FILE",
            description = "Use these thresholds: a .npy with one value per unit, or a .csv with the columns unit and "
                    + "threshold.")
    private @Nullable Path thresholds;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Activation cache (default: $NETDISSECT_CACHE, else ~/.cache/netdissect).")
    private @Nullable Path cache;

    @Option(
            names = "--cache-precision",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description = "float32, or float16 to halve the cache (default: ${DEFAULT-VALUE}).")
    private Precision precision = Precision.FLOAT32;

    @Option(
            names = "--require",
            paramLabel = "R",
            description = "End with exit code 3 unless this holds, such as 'fire9:unique>=40'; may be given several "
                    + "times. Counts: detectors, unique, detectors-CATEGORY, unique-CATEGORY.")
    private List<Requirement> requirements = new ArrayList<>();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    DissectCommand(PrintStream err, String[] args) {
        this.err = err;
        this.args = args.clone();
    }

    @Override
    public Integer call() throws IOException {
        DissectionSettings settings = settings();
        Engines.useThreads(settings.threads());
        DissectionResult result =
                new Dissection(settings, List.of(args), requirements, ConsoleStages.create(err)).run();
        print(result);
        return unmet(result) ? ExitCode.REQUIREMENT_UNMET : ExitCode.DONE;
    }

    private DissectionSettings settings() {
        if (model == null && probe != null) {
            throw new InputException("--probe without --model: give --model M.pt, or neither for the bundled sample");
        }
        if (model != null && probe == null) {
            throw new InputException("--model without --probe: give --probe DIR, a probe set in the Broden format "
                    + "(README: where Broden is to be had)");
        }
        return new DissectionSettings(
                model == null ? Sample.model() : model,
                layers,
                probe == null ? Sample.probe() : probe,
                new Selection(splits, categories, limit == null ? OptionalInt.empty() : OptionalInt.of(limit)),
                out,
                input.settings(),
                batch,
                device,
                threads == null ? Runtime.getRuntime().availableProcessors() : threads,
                topFraction,
                iou,
                interpolation,
                thresholds,
                cache == null ? CacheFolder.usual() : cache,
                precision,
                overwrite);
    }

    private void print(DissectionResult result) throws JsonProcessingException {
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("out", result.out().toString());
            document.put("cache", result.cache().toString());
            document.put("timings", result.timings());
            document.put("layers", result.summaries());
            stdout.println(new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(document));
            return;
        }
        for (LayerReport report : result.reports()) {
            stdout.println("Best units of " + report.layer());
            stdout.println(Overview.bestUnits(report, BEST_UNITS));
        }
        stdout.println("Detectors (IoU > " + settingsIou() + "), unique labels, and unique labels by category");
        stdout.println(Overview.layers(result.reports()));
        stdout.println("Tables: " + result.out() + "   Activations: " + result.cache());
    }

    private String settingsIou() {
        return new BigDecimal(Double.toString(iou)).stripTrailingZeros().toPlainString();
    }

    private boolean unmet(DissectionResult result) {
        boolean unmet = false;
        for (Requirement requirement : requirements) {
            for (String line : requirement.unmet(result.summaries())) {
                spec.commandLine().getErr().println("netdissect: " + line);
                unmet = true;
            }
        }
        return unmet;
    }
}
