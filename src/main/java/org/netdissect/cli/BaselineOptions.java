package org.netdissect.cli;

import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.base.Spelling;
import org.netdissect.baseline.BaselineMethod;
import org.netdissect.baseline.BaselineSettings;
import picocli.CommandLine.Option;

/** Options of the permutation baseline. */
final class BaselineOptions {
    /** Baselines to compare the result with. */
    enum Baseline {
        /** Masks paired with the labels of other images, on a sample. */
        QUICK,
        /** Masks paired with the labels of other images, and intervals from resampled images. */
        PERMUTATION,
        NONE;

        @Override
        public String toString() {
            return Spelling.of(this);
        }
    }

    @Option(
            names = "--baseline",
            paramLabel = "NAME",
            defaultValue = "quick",
            description = "Detectors by chance, from masks paired with the labels of other images with the same "
                    + "categories. quick: on a sample if there are many images; permutation: on all images, with an "
                    + "interval for each unit's score; none (default: ${DEFAULT-VALUE}).")
    private Baseline baseline = Baseline.QUICK;

    @Option(
            names = "--permutations",
            paramLabel = "N",
            description = "Draws of the baseline, 1 to 100000 (default: 1000; quick: 400, and more for units that "
                    + "need them). No p-value is less than 1 / (N + 1).")
    private @Nullable Integer permutations;

    /** The settings of the baseline, or null for none. */
    @Nullable
    BaselineSettings settings(long seed) {
        if (baseline == Baseline.NONE && permutations != null) {
            throw new InputException("--permutations " + permutations
                    + " with --baseline none: give --baseline quick or permutation, or leave it out");
        }
        if (baseline == Baseline.NONE) {
            return null;
        }
        BaselineMethod method = baseline == Baseline.QUICK ? BaselineMethod.QUICK : BaselineMethod.PERMUTATION;
        return permutations == null
                ? BaselineSettings.of(method, seed)
                : new BaselineSettings(method, permutations, seed);
    }
}
