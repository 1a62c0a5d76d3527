package org.netdissect.baseline;

/**
 * Random numbers that are a function of the seed, their use and two counters, so that the order of work does not change
 * them. The function is the output mix of SplitMix64 (Steele, Lea and Flood, Fast Splittable
 * Pseudorandom Number Generators, OOPSLA 2014), applied to one key after another.
 */
final class CountedRandom {
    /** Step of SplitMix64: 2^64 by the golden ratio. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    /** Use of a random number. */
    enum Use {
        ORDER(1),
        GROUP(2),
        SHIFT(3),
        WEIGHT(4),
        SAMPLE(5);

        private final int number;

        Use(int number) {
            this.number = number;
        }
    }

    private final long key;

    CountedRandom(long seed, Use use) {
        this.key = mix(mix(seed + STEP) + use.number * STEP);
    }

    /** 64 random bits. */
    long bits(long first, long second) {
        return mix(mix(key + (first + 1) * STEP) + (second + 1) * STEP);
    }

    /** Returns 0 to {@code bound - 1}; probabilities of values differ by less than bound / 2^32. */
    int below(int bound, long first, long second) {
        return (int) (((bits(first, second) >>> 32) * bound) >>> 32);
    }

    /** Returns a multiple of 2^-53 from 0 to less than 1. */
    double uniform(long first, long second) {
        return (bits(first, second) >>> 11) * 0x1p-53;
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
