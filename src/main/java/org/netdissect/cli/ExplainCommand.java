package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.ActiveUnit;
import org.netdissect.base.Json;
import org.netdissect.base.StageListener;
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

    @Option(names = "--model", paramLabel = "M.pt", description = "The run's network, if it was moved.")
    private @Nullable Path model;

    @Mixin
    private DeviceOption device = new DeviceOption();

    @Option(names = "--out", paramLabel = "FILE.html", description = "Page to write (default: RUN/explain/IMAGE.html).")
    private @Nullable Path out;

    @Option(names = "--no-page", description = "Write no page.")
    private boolean noPage;

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
                out);
        ExplanationResult result = new Explanation(settings, stages).run();
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.println(Json.text(result.json()));
        } else {
            stdout.print(result.text());
        }
        return ExitCode.DONE;
    }
}
