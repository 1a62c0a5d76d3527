package org.netdissect.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.base.StageListener;
import org.netdissect.baseline.BaselineSettings;
import org.netdissect.broden.ImageSelection;
import org.netdissect.dissect.Dissection;
import org.netdissect.dissect.DissectionResult;
import org.netdissect.result.Requirement;
import org.netdissect.run.DissectionSettings;
import org.netdissect.run.RotationSettings;
import org.netdissect.run.Sample;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that dissects a network's layers. */
@Command(
        name = "dissect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = {
            "netdissect dissect",
            "netdissect dissect --model M.pt --layer NAME [--layer NAME ...] --probe DIR --out DIR [OPTION ...]"
        },
        description = {
            "Finds the concepts that the units of a network's layers detect, and writes detector tables.",
            "Without --model and --probe it dissects the bundled sample. @FILE reads options from a file.",
            "A file NAME.json or MODEL.json beside the model may hold preprocessing, input size and default layers."
        },
        footer = {"", "Exit codes: 0 done, 1 the run failed, 2 wrong usage or input, 3 a --require is not met."})
final class DissectCommand implements Callable<Integer> {
    private final StageListener stages;
    private final String[] args;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "FILE", description = "Network: " + NetworkOptions.FILES + ".")
    private @Nullable Path model;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            description = "Layer to dissect; may be given several times, * and ? match any characters "
                    + "(default: the layers named in the JSON file beside the model).")
    private List<String> layers = new ArrayList<>();

    @Option(names = "--probe", paramLabel = "DIR", description = "Probe set in the Broden format.")
    private @Nullable Path probe;

    @Mixin
    private LabelPlanesOption planes = new LabelPlanesOption();

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

    @Mixin
    private EngineOptions engine = new EngineOptions();

    @Mixin
    private ScoringOptions scoring = new ScoringOptions();

    @Mixin
    private MethodOptions method = new MethodOptions();

    @Option(
            names = "--categories",
            paramLabel = "A",
            split = ",",
            splitSynopsisLabel = ",",
            description = "Use only these label categories.")
    private List<String> categories = new ArrayList<>();

    @Option(
            names = "--split",
            paramLabel = "A",
            split = ",",
            splitSynopsisLabel = ",",
            description =
                    "Use only images of these splits. Several splits are also scored one by one, with the thresholds "
                            + "of all, and compared with each other.")
    private List<String> splits = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "N", description = "Use only the first N images.")
    private @Nullable Integer limit;

    @Option(
            names = "--skip-unreadable",
            description = "Leave out images that are unreadable or have unreadable labels; run.json lists them. All "
                    + "files are checked before the first forward pass (default: stop at the first).")
    private boolean skipUnreadable;

    @Option(
            names = "--thresholds",
            paramLabel = "FILE",
            description = "Thresholds to use: a .npy with one value per unit, or a .csv with the columns unit and "
                    + "threshold.")
    private @Nullable Path thresholds;

    @Mixin
    private RotationOptions rotation = new RotationOptions();

    @Mixin
    private SeedOption seed = new SeedOption();

    @Mixin
    private StorageOptions storage = new StorageOptions();

    @Option(
            names = "--top-images",
            paramLabel = "K",
            defaultValue = "10",
            description = "Most activating images that the report shows for each unit (default: ${DEFAULT-VALUE}).")
    private int topImages;

    @Option(
            names = "--least-images",
            paramLabel = "K",
            defaultValue = "0",
            description = "Least activating images that the report shows for each unit, below the most activating "
                    + "ones: those whose greatest activation is least (default: ${DEFAULT-VALUE}).")
    private int leastImages;

    @Option(names = "--no-report", description = "Write no report.html.")
    private boolean noReport;

    @Mixin
    private BaselineOptions baseline = new BaselineOptions();

    @Option(
            names = "--require",
            paramLabel = "R",
            description = "End with exit code 3 unless this holds, such as 'fire9:unique>=40'; may be given several "
                    + "times. Metrics: detectors, unique, detectors-CATEGORY and unique-CATEGORY by the rule of "
                    + "--detectors, and significant (detectors beyond chance). Relations: >= > == < <=.")
    private List<Requirement> requirements = new ArrayList<>();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    DissectCommand(StageListener stages, String[] args) {
        this.stages = stages;
        this.args = args.clone();
    }

    @Override
    public Integer call() throws IOException {
        DissectionSettings settings = settings();
        DissectionResult result = new Dissection(settings, List.of(args), requirements, stages).run();
        print(result);
        return unmet(result) ? ExitCode.REQUIREMENT_UNMET : ExitCode.DONE;
    }

    private DissectionSettings settings() {
        if (model == null && probe != null) {
            throw new InputException("--probe without --model: give --model M.pt, or neither for the bundled sample");
        }
        if (model != null && probe == null) {
            throw new InputException("--model without --probe: give --probe DIR, a probe set in the Broden format "
                    + "(the README says where to get Broden)");
        }
        if (model == null) {
            network.requireNone("without --model: it is for files of weights");
        }
        RotationSettings rotationSettings = rotation.settings(seed.seed());
        BaselineSettings baselineSettings = baseline.settings(seed.seed());
        seed.requireUse(
                baselineSettings != null || rotationSettings.option().isPresent(),
                "with --baseline none and without --rotate or --rotate-sweep: nothing is random; leave --baseline none "
                        + "out, or give one of the others");
        ImageSelection selection = new ImageSelection(
                names("--split", splits),
                names("--categories", categories),
                limit == null ? OptionalInt.empty() : OptionalInt.of(Converters.atLeastOne("--limit", limit, 0)));
        return new DissectionSettings(
                new DissectionSettings.Source(
                        network.in(model == null ? Sample.model() : model),
                        layers,
                        probe == null ? Sample.probe() : probe,
                        planes.encoding(),
                        selection,
                        skipUnreadable),
                input.settings(),
                engine.settings(),
                new DissectionSettings.Scoring(scoring.sweep(), scoring.tail(), method.settings(), thresholds),
                rotationSettings,
                baselineSettings,
                storage.settings(),
                new DissectionSettings.Output(out, overwrite, noReport ? null : topImages, leastImages));
    }

    private static List<String> names(String option, List<String> values) {
        List<String> names = values.stream().map(String::strip).toList();
        if (names.contains("")) {
            throw new InputException(option + " " + String.join(",", values) + ": expected names separated by commas");
        }
        return names;
    }

    private void print(DissectionResult result) throws JsonProcessingException {
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.println(Json.text(result.json()));
            return;
        }
        stdout.print(result.text(method.settings().detectors()));
        if (!noReport) {
            stdout.println("Report: " + result.out().resolve("report.html"));
        }
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
