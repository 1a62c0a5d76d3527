package org.netdissect.cli;

import picocli.CommandLine.Option;

/** Every command's wish for more than one line when it fails. */
final class StacktraceOption {
    @Option(names = "--stacktrace", description = "Show where in the program an error arose.")
    private boolean wanted;

    boolean wanted() {
        return wanted;
    }
}
