package org.netdissect.cli;

import picocli.CommandLine.Option;

/** Where random numbers start; one option for all that is random in a run. */
final class SeedOption {
    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of all random numbers (default: ${DEFAULT-VALUE}).")
    private long seed;

    long seed() {
        return seed;
    }
}
