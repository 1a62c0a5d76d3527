package org.netdissect.chance;

import org.netdissect.base.InputException;

/**
 * Settings of the baseline.
 *
 * @param permutations number N of draws of pairings, and of images
 * @param seed of all random numbers
 */
public record ChanceSettings(ChanceMethod method, int permutations, long seed) {
    static final int MOST_PERMUTATIONS = 100_000;

    /** Throws {@link InputException} for values outside their range. */
    public ChanceSettings {
        if (permutations < 1 || permutations > MOST_PERMUTATIONS) {
            throw new InputException("--permutations " + permutations + ": expected 1 to " + MOST_PERMUTATIONS);
        }
    }

    /** Settings with the default N of a method. */
    public static ChanceSettings of(ChanceMethod method, long seed) {
        return new ChanceSettings(method, method.draws(), seed);
    }

    /** Settings of the permutation test on all images. */
    ChanceSettings(int permutations, long seed) {
        this(ChanceMethod.PERMUTATION, permutations, seed);
    }

    /** Whether a bootstrap over images gives intervals. */
    boolean hasIntervals() {
        return method == ChanceMethod.PERMUTATION;
    }

    ChanceSettings withPermutations(int number) {
        return new ChanceSettings(method, number, seed);
    }
}
