package org.netdissect.chance;

import org.netdissect.base.InputException;

/**
 * What a baseline is told.
 *
 * @param permutations number N of draws, of pairings as of images
 * @param seed of all random numbers
 */
public record ChanceSettings(int permutations, long seed) {
    /** N where nothing is said. */
    public static final int USUAL_PERMUTATIONS = 1000;

    private static final int MOST_PERMUTATIONS = 100_000;

    /** Throws {@link InputException} for values outside their range. */
    public ChanceSettings {
        if (permutations < 1 || permutations > MOST_PERMUTATIONS) {
            throw new InputException("--permutations " + permutations + ": expected 1 to " + MOST_PERMUTATIONS);
        }
    }
}
