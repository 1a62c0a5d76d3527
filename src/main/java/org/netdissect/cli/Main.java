package org.netdissect.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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
     * @param out gets the result
     * @param err gets progress, notes and errors
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
        // a PrintStream keeps its errors to itself, so that the writer above it hears of none
        if ((outWriter.checkError() || out.checkError()) && code == ExitCode.DONE) {
            Errors.print(errWriter, "the result could not be written to standard output");
            return ExitCode.FAILED;
        }
        return code;
    }

    private static CommandLine commandLine(PrintWriter out, PrintWriter err, ConsoleStages stages, String[] args) {
        CommandLine commandLine = new CommandLine(new NetdissectCommand());
        Map<String, Supplier<Object>> commands = commands(stages, args);
        Supplier<Object> chosen = args.length == 0 ? null : commands.get(args[0]);
        // picocli reads a command's options by reflection, which takes longer than much of what the commands do
        Collection<Supplier<Object>> needed = chosen == null ? commands.values() : List.of(chosen);
        needed.forEach(command -> commandLine.addSubcommand(command.get()));
        complete(commandLine);
        // picocli hands these down to the subcommands that are there by now
        return commandLine
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(HELP_WIDTH)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Errors::wrongUsage)
                .setExecutionExceptionHandler(Errors::failed);
    }

    /** By name, in the order that help shows them. */
    private static Map<String, Supplier<Object>> commands(ConsoleStages stages, String[] args) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("dissect", () -> new DissectCommand(stages, args));
        commands.put("report", () -> new ReportCommand(stages));
        commands.put("explain", () -> new ExplainCommand(stages));
        commands.put("layers", LayersCommand::new);
        commands.put("check", () -> new CheckCommand(stages));
        commands.put("compare", CompareCommand::new);
        commands.put("table", TableCommand::new);
        commands.put("reproduce", () -> new ReproduceCommand(stages));
        commands.put(
                "cache",
                () -> new CommandLine(new CacheCommand())
                        .addSubcommand(new CacheListCommand())
                        .addSubcommand(new CacheVerifyCommand(stages))
                        .addSubcommand(new CachePruneCommand()));
        return commands;
    }

    /** Gives what all commands share to those that do something, at any depth. */
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
