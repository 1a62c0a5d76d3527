package org.netdissect.cli;

import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.base.Spelling;
import org.netdissect.chance.ChanceMethod;
import org.netdissect.chance.ChanceSettings;
import picocli.CommandLine.Option;

/** How much of the result is chance. */
final class ChanceOptions {
    /** With what the result is compared. */
    enum Baseline {
        /** Masks paired with the labels of other images, on a sample. */
        QUICK,
        /** Masks paired with the labels of other images, and images drawn again. */
        PERMUTATION,
        /** With nothing. */
        NONE;

        /** The option's spelling. */
        @Override
        public String toString() {
            return Spelling.of(this);
        }
    }

    @Option(
            names = "--baseline",
            paramLabel = "NAME",
            defaultValue = "quick",
            description = "How much is chance: masks are paired with the labels of other images that hold the same "
                    + "categories. quick: on a sample of images where there are many; permutation: on all images, and how far "
                    + "each unit's score may be off; none (default: ${DEFAULT-VALUE}).")
    private Baseline baseline = Baseline.QUICK;

    @Option(
            names = "--permutations",
            paramLabel = "N",
            description =
                    "Draws of the baseline, 1 to 100000 (default: 1000; of the quick form 400, and more for units that need "
                            + "them). No p-value is less than 1 / (N + 1).")
    private @Nullable Integer permutations;

    /** Null where none is wanted. */
    @Nullable
    ChanceSettings settings(long seed) {
        if (baseline == Baseline.NONE && permutations != null) {
            throw new InputException("--permutations " + permutations
                    + " with --baseline none: give --baseline quick or permutation, or leave it out");
        }
        if (baseline == Baseline.NONE) {
            return null;
        }
        ChanceMethod method = baseline == Baseline.QUICK ? ChanceMethod.QUICK : ChanceMethod.PERMUTATION;
        return permutations == null ? ChanceSettings.of(method, seed) : new ChanceSettings(method, permutations, seed);
    }
}
