package org.netdissect.baseline;

import org.netdissect.base.InputException;

/**
 * Settings of the baseline.
 *
 * @param permutations number N of draws, of pairings and in the bootstrap also of images
 * @param seed seed of all random numbers
 */
public record BaselineSettings(BaselineMethod method, int permutations, long seed) {
    static final int MOST_PERMUTATIONS = 100_000;

    /** Throws {@link InputException} for values outside their range. */
    public BaselineSettings {
        if (permutations < 1 || permutations > MOST_PERMUTATIONS) {
            throw new InputException("--permutations " + permutations + ": expected 1 to " + MOST_PERMUTATIONS);
        }
    }

    /** Settings with the default N of a method. */
    public static BaselineSettings of(BaselineMethod method, long seed) {
        return new BaselineSettings(method, method.draws(), seed);
    }

    /** Settings of the permutation test on all images. */
    BaselineSettings(int permutations, long seed) {
        this(BaselineMethod.PERMUTATION, permutations, seed);
    }

    /** Whether a bootstrap over images gives intervals. */
    boolean hasIntervals() {
        return method == BaselineMethod.PERMUTATION;
    }

    BaselineSettings withPermutations(int number) {
        return new BaselineSettings(method, number, seed);
    }
}
