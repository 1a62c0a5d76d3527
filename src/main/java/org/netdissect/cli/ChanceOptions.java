package org.netdissect.cli;

import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.chance.ChanceSettings;
import picocli.CommandLine.Option;

/** How much of the result is chance. */
final class ChanceOptions {
    /** With what the result is compared. */
    enum Baseline {
        /** Masks paired with the labels of other images. */
        PERMUTATION;

        /** The option's spelling. */
        @Override
        public String toString() {
            return "permutation";
        }
    }

    @Option(
            names = "--baseline",
            paramLabel = "NAME",
            description =
                    "permutation: pair masks with the labels of other images that hold the same categories, and tell "
                            + "how many detectors chance gives, how sure each unit is (p, q), and how far its score may be off.")
    private @Nullable Baseline baseline;

    @Option(
            names = "--permutations",
            paramLabel = "N",
            description = "Draws of the baseline, 1 to 100000 (default: 1000). No p-value is less than 1 / (N + 1).")
    private @Nullable Integer permutations;

    /** Null where no baseline is asked for. */
    @Nullable
    ChanceSettings settings(long seed) {
        if (baseline != null) {
            return new ChanceSettings(permutations == null ? ChanceSettings.USUAL_PERMUTATIONS : permutations, seed);
        }
        if (permutations != null) {
            throw new InputException(
                    "--permutations " + permutations + " without --baseline: give --baseline permutation");
        }
        return null;
    }
}
