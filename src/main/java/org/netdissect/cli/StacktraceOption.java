package org.netdissect.cli;

import picocli.CommandLine.Option;

/** The option of all commands that prints a stack trace on failure. */
final class StacktraceOption {
    @Option(names = "--stacktrace", description = "Print the stack trace of an error.")
    private boolean wanted;

    boolean wanted() {
        return wanted;
    }
}
