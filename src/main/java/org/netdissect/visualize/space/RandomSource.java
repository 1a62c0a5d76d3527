package org.netdissect.visualize.space;

import java.util.Random;

/**
 * Random numbers that depend on the seed and on what they are for, and on nothing else. So an ascent that goes on after
 * a break draws on without a stored state, whatever other units run beside it.
 */
public final class RandomSource {
    private RandomSource() {}

    /**
     * A generator; {@link Random} is the one whose Gaussian numbers Java's documentation fixes.
     *
     * @param purpose what the numbers are for, such as a unit and a step
     */
    public static Random of(long seed, long... purpose) {
        long state = mixed(seed);
        for (long part : purpose) {
            state = mixed(state ^ part);
        }
        return new Random(state);
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014), after its increment. */
    private static long mixed(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
