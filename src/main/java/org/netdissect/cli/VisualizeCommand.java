package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.base.StageListener;
import org.netdissect.dissect.ReportRemake;
import org.netdissect.run.RunVisualizations;
import org.netdissect.visualize.Visualization;
import org.netdissect.visualize.VisualizationResult;
import org.netdissect.visualize.VisualizationSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that makes images of what units look for. */
@Command(
        name = "visualize",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = {
            "netdissect visualize --run RUN [OPTION ...]",
            "netdissect visualize --model M.pt --layer NAME [--layer NAME ...] [--probe DIR] --out DIR [OPTION ...]",
            "netdissect visualize --model M.pt --classes A,B [--probe DIR] --out DIR [OPTION ...]"
        },
        description = {
            "Makes images that units respond to most, by gradient ascent from noise (feature visualisation).",
            "With the folder of a dissection it begins with the run's detectors, by falling score, and shows their "
                    + "concepts. Each layer's folder gets a PNG file for each unit, a contact sheet that grows while it "
                    + "runs, and visualizations.csv. A run that was stopped goes on when it is started again."
        },
        footer = {"", "Exit codes: 0 done, 1 the network failed or an image could not be made, 2 wrong usage or input."
        })
final class VisualizeCommand implements Callable<Integer> {
    private static final String REPORT = "report.html";

    private final StageListener stages;
    private final String[] args;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--run", paramLabel = "RUN", description = "Folder of a dissection of the network.")
    private @Nullable Path run;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "Network: " + NetworkOptions.FILES + " (default: the run's).")
    private @Nullable Path model;

    @Mixin
    private NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            description = "Layer; may be given several times, * and ? match any characters (default: the run's layers, "
                    + "or those named in the JSON file beside the model).")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--probe",
            paramLabel = "DIR",
            description = "Probe set in the Broden format to compare with (default: the run's).")
    private @Nullable Path probe;

    @Option(
            names = "--probe-images",
            paramLabel = "N",
            description = "Greatest number of its images to compare with (default: 500).")
    private @Nullable Integer probeImages;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the images (default: RUN/visualize, or netdissect-visualize without a run).")
    private @Nullable Path out;

    @Option(names = "--overwrite", description = "Replace images of other settings in that folder.")
    private boolean overwrite;

    @Mixin
    private GoalOptions goal = new GoalOptions();

    @Mixin
    private PictureOptions picture = new PictureOptions();

    @Mixin
    private InputOptions input = new InputOptions();

    @Mixin
    private SeedOption seed = new SeedOption();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description =
                    "Images in one call of the engine; last digits depend on it (default: 4 on a CPU, 64 on a GPU).")
    private @Nullable Integer batch;

    @Mixin
    private DeviceOption device = new DeviceOption();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Calls of the engine side by side (default: one per core). Images do not depend on it.")
    private @Nullable Integer threads;

    @Option(
            names = "--no-report",
            description = "Do not make the run's report again. Otherwise it shows the images beside the probe set's.")
    private boolean noReport;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    VisualizeCommand(StageListener stages, String[] args) {
        this.stages = stages;
        this.args = args.clone();
    }

    @Override
    public Integer call() throws IOException {
        VisualizationResult result = new Visualization(settings(), List.of(args), stages).run();
        Path report = run == null || noReport || !goal.isOfChannels() ? null : remadeReport(run);
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.println(Json.text(result.json()));
        } else {
            stdout.print(result.text());
            if (report != null) {
                stdout.println("Report: " + report);
            }
        }
        String failures = result.failures();
        if (!failures.isEmpty()) {
            Errors.print(spec.commandLine().getErr(), failures);
            return ExitCode.FAILED;
        }
        return ExitCode.DONE;
    }

    /** Makes the run's report again, if it has one; an obstacle, which gives null, is no failure of the images. */
    private @Nullable Path remadeReport(Path folder) throws IOException {
        Path report = folder.resolve(REPORT);
        if (!Files.exists(report)) {
            return null;
        }
        try {
            RunVisualizations images = out == null ? RunVisualizations.USUAL : new RunVisualizations(out, true);
            new ReportRemake(
                            folder,
                            probe,
                            null,
                            null,
                            images,
                            Runtime.getRuntime().availableProcessors(),
                            stages)
                    .run();
            return report;
        } catch (InputException e) {
            stages.note("the report of the run does not show the images: " + e.getMessage());
            return null;
        }
    }

    private VisualizationSettings settings() {
        requireUse();
        if (model == null) {
            network.requireNone("without --model: it is for files of weights");
        } else if (run != null) {
            network.requireNone("with --run: the run knows its network; leave it out");
        }
        Path folder = out != null ? out : run != null ? run.resolve("visualize") : Path.of("netdissect-visualize");
        return new VisualizationSettings(
                new VisualizationSettings.Source(
                        model == null ? null : network.in(model),
                        layers,
                        run,
                        probe,
                        Converters.atLeastOne("--probe-images", probeImages, 500)),
                goal.settings(),
                picture.settings(),
                input.settings(),
                new VisualizationSettings.Engine(
                        batch(),
                        device.device(),
                        Converters.atLeastOne(
                                "--threads", threads, Runtime.getRuntime().availableProcessors()),
                        seed.seed()),
                new VisualizationSettings.Output(folder, overwrite));
    }

    /** Throws {@link InputException} for an option that would change nothing beside the others. */
    private void requireUse() {
        if (probeImages != null && probe == null && run == null) {
            throw new InputException("--probe-images " + probeImages + " without images to compare with: give --probe "
                    + "DIR, or --run with a dissection");
        }
        if (batch != null && goal.isDiverse()) {
            throw new InputException("--batch " + batch + " with --diverse: the images of a unit, which are kept "
                    + "apart, are one call; leave --batch out");
        }
        if (goal.isOfClass() && !input.settings().axes().isEmpty()) {
            throw new InputException(
                    "--axes has no use with --objective logit or probability, since no layer is chosen");
        }
    }

    private int batch() {
        return picture.isLucid() && batch == null ? 1 : Converters.atLeastOne("--batch", batch, 0);
    }
}
