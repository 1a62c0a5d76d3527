package org.netdissect.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.netdissect.base.StageListener;
import org.netdissect.broden.CheckReport;
import org.netdissect.broden.CheckText;
import org.netdissect.broden.ProbeSetCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that checks a probe set. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Validates a probe set in full: lists every fault with file and row, and counts images and labels.",
            "Warnings do not stop a dissection."
        },
        footer = {"", "Exit codes: 0 no faults, 2 faults or wrong usage."})
final class CheckCommand implements Callable<Integer> {
    private final StageListener stages;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Probe set in the Broden format.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Mixin
    private LabelPlanesOption planes = new LabelPlanesOption();

    CheckCommand(StageListener stages) {
        this.stages = stages;
    }

    @Override
    public Integer call() throws IOException {
        CheckReport report;
        try (StageListener.Stage stage = stages.begin("check", 0, 0)) {
            report = ProbeSetCheck.run(
                    folder, planes.encoding(), Runtime.getRuntime().availableProcessors(), stage);
        }
        spec.commandLine().getOut().print(CheckText.of(report));
        if (report.sound()) {
            return ExitCode.DONE;
        }
        int faults = report.faults().size();
        Errors.print(
                spec.commandLine().getErr(),
                folder + ": " + faults + (faults == 1 ? " fault" : " faults") + ", listed above");
        return ExitCode.WRONG_INPUT;
    }
}
