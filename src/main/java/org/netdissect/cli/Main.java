package org.netdissect.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** The program. */
public final class Main {
    private Main() {}

    /** Runs and ends the process with the exit code. */
    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    /**
     * Runs one command.
     *
     * @param out gets the result
     * @param err gets progress, notes and errors
     * @return 0 done, 1 the run failed, 2 wrong usage or input, 3 a requirement is not met
     */
    public static int run(PrintStream out, PrintStream err, String... args) {
        PrintWriter outWriter = new PrintWriter(out, true, StandardCharsets.UTF_8);
        PrintWriter errWriter = new PrintWriter(err, true, StandardCharsets.UTF_8);
        CommandLine commandLine = new CommandLine(new NetdissectCommand());
        commandLine.addSubcommand(new DissectCommand(err, args));
        commandLine.addSubcommand(new LayersCommand());
        commandLine.addSubcommand(new CheckCommand(err));
        for (CommandLine subcommand : commandLine.getSubcommands().values()) {
            Converters.register(subcommand);
            subcommand.addMixin("stacktrace", new StacktraceOption());
        }
        // picocli hands these down to the subcommands that are there by now
        commandLine
                .setOut(outWriter)
                .setErr(errWriter)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Errors::wrongUsage)
                .setExecutionExceptionHandler(Errors::failed);
        int code = commandLine.execute(args);
        outWriter.flush();
        errWriter.flush();
        return code;
    }
}
