package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.ActiveUnit;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.base.StageListener;
import org.netdissect.explain.AttributionSettings;
import org.netdissect.explain.Explanation;
import org.netdissect.explain.ExplanationResult;
import org.netdissect.explain.ExplanationSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that explains one image by a run. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Lists the most active units on one image, with the concepts that a run found for them and the places in "
                    + "the image where they are active.",
            "The image passes the run's network with the run's preprocessing. With class names in the JSON file "
                    + "beside the model, the network's top classes are listed too."
        },
        footer = {"", "Exit codes: 0 done, 1 the network failed, 2 wrong usage or input."})
final class ExplainCommand implements Callable<Integer> {
    private final StageListener stages;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "Folder of a run, as 'dissect --out' wrote it.")
    @SuppressWarnings("NullAway.Init")
    private Path run;

    @Parameters(paramLabel = "IMAGE", description = "Image to explain, JPEG or PNG, of any size.")
    @SuppressWarnings("NullAway.Init")
    private Path image;

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            description = "Layer of the run; may be given several times, * and ? match any characters (default: all).")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = "--units",
            paramLabel = "N",
            description = "Greatest number of units to list per layer (default: 20).")
    private @Nullable Integer units;

    @Option(names = "--detectors-only", description = "List only units whose IoU makes them detectors.")
    private boolean detectorsOnly;

    @Option(
            names = "--sort",
            paramLabel = "NAME",
            defaultValue = "area",
            description =
                    "Order of units: by area, the share of the image in which a unit is above its threshold, or by "
                            + "peak, its greatest activation divided by its threshold (default: ${DEFAULT-VALUE}).")
    private ActiveUnit.Order order = ActiveUnit.Order.AREA;

    @Option(
            names = "--top-classes",
            paramLabel = "N",
            description = "Greatest number of the network's classes to list (default: 5).")
    private @Nullable Integer topClasses;

    @Option(names = "--model", paramLabel = "FILE", description = "The run's network, if it was moved.")
    private @Nullable Path model;

    @Mixin
    private DeviceOption device = new DeviceOption();

    @Option(names = "--out", paramLabel = "FILE.html", description = "Page to write (default: RUN/explain/IMAGE.html).")
    private @Nullable Path out;

    @Option(names = "--no-page", description = "Write no page.")
    private boolean noPage;

    @Option(
            names = "--visualize",
            description =
                    "Show which units of each layer speak for and against the network's first class (gradient times "
                            + "activation), with their visualisations, and the places that do.")
    private boolean visualize;

    @Option(
            names = "--class",
            paramLabel = "N|NAME",
            description = "With --visualize: another class, by number from 0 or by name.")
    private @Nullable String className;

    @Option(
            names = "--visualizations",
            paramLabel = "DIR",
            description = "With --visualize: folder that 'visualize' wrote for this network (default: RUN/visualize).")
    private @Nullable Path visualizations;

    @Option(
            names = "--attributed",
            paramLabel = "N",
            description = "With --visualize: greatest number of units to list for the class, and against it, per layer "
                    + "(default: 6).")
    private @Nullable Integer attributed;

    @Option(
            names = "--grid",
            description = "With --visualize: add an activation grid of each layer, one image by optimisation for the "
                    + "activations at each place; some minutes per layer.")
    private boolean grid;

    @Option(names = "--grid-steps", paramLabel = "N", description = "Steps of each image of a grid (default: 64).")
    private @Nullable Integer gridSteps;

    @Mixin
    private SeedOption seed = new SeedOption();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    ExplainCommand(StageListener stages) {
        this.stages = stages;
    }

    @Override
    public Integer call() throws IOException {
        ExplanationSettings settings = new ExplanationSettings(
                run,
                image,
                layers,
                model,
                device.device(),
                Converters.atLeastOne("--units", units, 20),
                detectorsOnly,
                order,
                Converters.atLeastOne("--top-classes", topClasses, 5),
                !noPage,
                out,
                attribution());
        ExplanationResult result = new Explanation(settings, stages).run();
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.println(Json.text(result.json()));
        } else {
            stdout.print(result.text());
        }
        return ExitCode.DONE;
    }

    private @Nullable AttributionSettings attribution() {
        seed.requireUse(
                visualize && grid, "without --grid: nothing is random; leave it out, or add --visualize --grid");
        if (!visualize) {
            if (className != null || visualizations != null || attributed != null || grid || gridSteps != null) {
                throw new InputException(
                        "--class, --visualizations, --attributed, --grid and --grid-steps need --visualize");
            }
            return null;
        }
        if (!grid && gridSteps != null) {
            throw new InputException("--grid-steps " + gridSteps + " without --grid: no images are made; add --grid");
        }
        if (grid && noPage) {
            throw new InputException(
                    "--grid with --no-page: the page is where a grid is shown; leave out one of the two");
        }
        return new AttributionSettings(
                className,
                Converters.atLeastOne("--attributed", attributed, 6),
                visualizations,
                grid,
                Converters.atLeastOne("--grid-steps", gridSteps, 64),
                Runtime.getRuntime().availableProcessors(),
                seed.seed());
    }
}
