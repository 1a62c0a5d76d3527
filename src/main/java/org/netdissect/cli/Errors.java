package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.netdissect.base.InputException;
import org.netdissect.base.NearestNames;
import org.netdissect.base.Printable;
import org.netdissect.base.RunException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Errors as one line and an exit code. */
final class Errors {
    /** Limit in characters, since names from files can be very long. */
    private static final int LONGEST_LINE = 2000;

    private Errors() {}

    /** Handles errors in options: an unknown option, a value that does not convert. */
    static int wrongUsage(ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        String line = String.valueOf(error.getMessage());
        if (error instanceof UnmatchedArgumentException unmatched) {
            line += hint(command, unmatched.getUnmatched().get(0));
        }
        print(command.getErr(), line + "; see '" + command.getCommandSpec().qualifiedName() + " --help'");
        return ExitCode.WRONG_INPUT;
    }

    private static String hint(CommandLine command, String unmatched) {
        if (unmatched.startsWith("@")) {
            return ": there is no options file " + unmatched.substring(1);
        }
        Set<String> known =
                new LinkedHashSet<>(command.getCommandSpec().optionsMap().keySet());
        known.addAll(command.getSubcommands().keySet());
        List<String> near = NearestNames.of(unmatched, known);
        return near.isEmpty() ? "" : "; did you mean " + String.join(", ", near) + "?";
    }

    /** Handles exceptions of a command. */
    static int failed(Exception error, CommandLine command, ParseResult parsed) {
        print(command.getErr(), line(error));
        if (command.getMixins().values().stream().anyMatch(Errors::wantsStacktrace)) {
            error.printStackTrace(command.getErr());
        }
        return error instanceof InputException ? ExitCode.WRONG_INPUT : ExitCode.FAILED;
    }

    /** Handles errors of the Java virtual machine. */
    static int failed(Error error, PrintWriter err) {
        String line = error instanceof OutOfMemoryError
                ? "out of memory (" + error.getMessage() + "): give more with JAVA_OPTS=-Xmx8g, or a smaller --batch, "
                        + "fewer --threads or fewer layers"
                : "the Java virtual machine failed: " + error;
        print(err, line);
        return ExitCode.FAILED;
    }

    private static boolean wantsStacktrace(Object mixin) {
        return mixin instanceof StacktraceOption option && option.wanted();
    }

    private static String line(Exception error) {
        String message = error.getMessage() == null ? "" : error.getMessage();
        if (error instanceof InputException || error instanceof RunException) {
            return message;
        }
        if (error instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file";
        }
        if (error instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (message.contains("No space left on device")) {
            return "the disk is full (" + message + "); free some space or give --cache or --out on another disk, "
                    + "then repeat the command: it continues where it stopped";
        }
        if (error instanceof IOException) {
            return error.getClass().getSimpleName() + ": " + message;
        }
        return "this is a bug in netdissect: " + error + "; run it again with --stacktrace and report it";
    }

    /** Prints one line, without control characters. */
    static void print(PrintWriter err, String message) {
        err.println("netdissect: " + Printable.of(Printable.brief(message, LONGEST_LINE)));
        err.flush();
    }
}
