package org.netdissect.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.StageListener;
import org.netdissect.dissect.ReportRemake;
import org.netdissect.run.RunVisualizations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that makes the report of a run again. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes report.html of a run again, with other settings, from the run's tables, its activations in the "
                    + "cache and the probe set. The network does not run; the tables stay as they are."
        })
final class ReportCommand implements Callable<Integer> {
    private final StageListener stages;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "OUT", description = "Run directory that 'dissect' wrote.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(
            names = "--top-images",
            paramLabel = "K",
            description = "Most activating images to show for each unit (default: as many as in the run's own report).")
    private @Nullable Integer topImages;

    @Option(
            names = "--least-images",
            paramLabel = "K",
            description = "Least activating images to show for each unit: those whose greatest activation is least "
                    + "(default: as many as in the run's own report).")
    private @Nullable Integer leastImages;

    @Option(names = "--probe", paramLabel = "DIR", description = "The run's probe set, if it was moved.")
    private @Nullable Path probe;

    @Option(
            names = "--visualizations",
            paramLabel = "DIR",
            description = "Folder that 'visualize' wrote for this network: each unit's image by optimisation, and the "
                    + "negative one, are shown beside the probe set's (default: OUT/visualize, if it exists).")
    private @Nullable Path visualizations;

    @Option(names = "--no-visualizations", description = "Leave visualisations out.")
    private boolean noVisualizations;

    ReportCommand(StageListener stages) {
        this.stages = stages;
    }

    @Override
    public Integer call() throws IOException {
        new ReportRemake(
                        out,
                        probe,
                        topImages,
                        leastImages,
                        new RunVisualizations(visualizations, !noVisualizations),
                        Runtime.getRuntime().availableProcessors(),
                        stages)
                .run();
        spec.commandLine().getOut().println("Report: " + out.resolve("report.html"));
        return ExitCode.DONE;
    }
}
