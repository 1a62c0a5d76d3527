package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.netdissect.broden.CheckReport;
import org.netdissect.broden.ProbeSetCheck;
import org.netdissect.pipeline.StageListener;
import org.netdissect.report.ContentsTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a probe set. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Validates a probe set in full, lists every fault with file and row, and says what is there.")
final class CheckCommand implements Callable<Integer> {
    private final PrintStream err;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Probe set in the Broden format.")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    CheckCommand(PrintStream err) {
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        CheckReport report;
        try (StageListener.Stage stage = ConsoleStages.create(err).begin("check", 0)) {
            report = ProbeSetCheck.run(folder, Runtime.getRuntime().availableProcessors(), stage);
        }
        PrintWriter out = spec.commandLine().getOut();
        report.faults().forEach(out::println);
        out.println(ContentsTable.text(report.contents()));
        if (report.faults().isEmpty()) {
            return ExitCode.DONE;
        }
        spec.commandLine()
                .getErr()
                .println("netdissect: " + folder + ": " + report.faults().size()
                        + " faults; a probe set with faults is not dissected");
        return ExitCode.WRONG_INPUT;
    }
}
