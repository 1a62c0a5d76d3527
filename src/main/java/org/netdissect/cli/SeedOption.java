package org.netdissect.cli;

import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import picocli.CommandLine.Option;

/** The option for the seed of all random numbers. */
final class SeedOption {
    @Option(names = "--seed", paramLabel = "S", description = "Seed of all random numbers (default: 0).")
    private @Nullable Long seed;

    long seed() {
        return seed == null ? 0 : seed;
    }

    /**
     * Throws {@link InputException} if a seed was given and nothing is random.
     *
     * @param reason the other options of the message, and what helps
     */
    void requireUse(boolean isUsed, String reason) {
        if (seed != null && !isUsed) {
            throw new InputException("--seed " + seed + " " + reason);
        }
    }
}
