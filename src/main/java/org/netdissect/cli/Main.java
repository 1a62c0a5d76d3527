package org.netdissect.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;

/** The program. */
public final class Main {
    private static final int HELP_WIDTH = 100;

    private Main() {}

    /** Runs and ends the process with the exit code. */
    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    /**
     * Runs one command.
     *
     * @param out receives the result
     * @param err receives progress, notes and errors
     * @return 0 done, 1 the run failed, 2 wrong usage or input, 3 a requirement is not met
     */
    public static int run(PrintStream out, PrintStream err, String... args) {
        PrintWriter outWriter = SafeWriter.to(out);
        PrintWriter errWriter = SafeWriter.to(err);
        int code;
        try {
            code = commandLine(outWriter, errWriter, new ConsoleStages(errWriter, err), args)
                    .execute(args);
        } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
            code = Errors.failed(e, errWriter);
        }
        outWriter.flush();
        errWriter.flush();
        // a PrintStream throws nothing, so that the writer above it sees no error
        if ((outWriter.checkError() || out.checkError()) && code == ExitCode.DONE) {
            Errors.print(errWriter, "the result could not be written to standard output");
            return ExitCode.FAILED;
        }
        return code;
    }

    private static CommandLine commandLine(PrintWriter out, PrintWriter err, ConsoleStages stages, String[] args) {
        CommandLine cache = new CommandLine(new CacheCommand())
                .addSubcommand(new CacheListCommand())
                .addSubcommand(new CacheVerifyCommand(stages))
                .addSubcommand(new CachePruneCommand());
        // in the order that help shows them
        CommandLine commandLine = new CommandLine(new NetdissectCommand())
                .addSubcommand(new DissectCommand(stages, args))
                .addSubcommand(new ReportCommand(stages))
                .addSubcommand(new VisualizeCommand(stages, args))
                .addSubcommand(new ExplainCommand(stages))
                .addSubcommand(new LayersCommand())
                .addSubcommand(new CheckCommand(stages))
                .addSubcommand(new CompareCommand())
                .addSubcommand(new TableCommand())
                .addSubcommand(new ReproduceCommand(stages))
                .addSubcommand(cache);
        complete(commandLine);
        // last, since picocli copies these to the subcommands added so far
        return commandLine
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(HELP_WIDTH)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Errors::wrongUsage)
                .setExecutionExceptionHandler(Errors::failed);
    }

    /** Adds the converters and --stacktrace to every command without subcommands, at any depth. */
    private static void complete(CommandLine parent) {
        for (CommandLine command : parent.getSubcommands().values()) {
            if (command.getSubcommands().isEmpty()) {
                Converters.register(command);
                command.addMixin("stacktrace", new StacktraceOption());
            }
            complete(command);
        }
    }
}
