package org.netdissect.cli;

import org.netdissect.run.Versions;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program without a subcommand, which prints help. */
@Command(
        name = "netdissect",
        mixinStandardHelpOptions = true,
        versionProvider = NetdissectCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Network Dissection: finds the concepts that units of a trained network detect.",
        footer = {
            "",
            "First steps:",
            "  netdissect dissect                        dissects the bundled sample",
            "  netdissect report OUT                     makes a run's report again",
            "  netdissect visualize --run OUT            makes images that the run's detectors look for",
            "  netdissect explain RUN IMAGE              explains one image by a run",
            "  netdissect layers M.pt                    lists the layers of a network",
            "  netdissect check DIR                      checks a probe set",
            "  netdissect compare RUN RUN                compares runs: counts, concepts, units",
            "  netdissect table FILE.csv                 counts the detectors of a table",
            "  netdissect reproduce TABLE.csv --probe D  compares a paper's counts with runs",
            "  netdissect cache list                     shows which activations are kept",
            "  netdissect dissect --model M.pt --layer NAME --probe DIR --out DIR",
            "",
            "Exit codes: 0 done, 1 the run failed, 2 wrong usage or input, 3 a --require is not met."
        })
final class NetdissectCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "no command given: dissect, report, visualize, explain, layers, check, compare, table, reproduce or cache");
    }

    /** Version of the program. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"netdissect " + Versions.program()};
        }
    }
}
