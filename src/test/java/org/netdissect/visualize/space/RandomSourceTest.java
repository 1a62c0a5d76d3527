package org.netdissect.visualize.space;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomSourceTest {
    /** Images of a seed stay the same over versions of the program and of Java. */
    @Test
    void numbersStay() {
        assertEquals(-0.8268793635567662, RandomSource.of(0).nextGaussian());
        assertEquals(0.47404605524350474, RandomSource.of(0, 1, 7, 1, 0).nextDouble());
        assertEquals(0.8927014356679394, RandomSource.of(-5, 2, 511, 1, 127).nextDouble());
    }

    @Test
    void theStateIsThatOfTheFormula() {
        long state = mixed(3);
        state = mixed(state ^ 8);
        state = mixed(state ^ -1);
        assertEquals(new Random(state).nextLong(), RandomSource.of(3, 8, -1).nextLong());
    }

    /** SplitMix64 as published, with another spelling of its constants. */
    private static long mixed(long value) {
        long z = value - 7046029254386353131L;
        z = (z ^ (z >>> 30)) * -4658895280553007687L;
        z = (z ^ (z >>> 27)) * -7723592293110705685L;
        return z ^ (z >>> 31);
    }

    /** Seeds, purposes, their order and their number give numbers of their own. */
    @Test
    void purposesAreApart() {
        Set<Double> seen = new HashSet<>();
        int count = 0;
        for (long seed = -2; seed < 3; seed++) {
            for (long what = 0; what < 4; what++) {
                for (long index = 0; index < 40; index++) {
                    for (long step = 0; step < 40; step++) {
                        seen.add(RandomSource.of(seed, what, index, step).nextDouble());
                        count++;
                    }
                }
                seen.add(RandomSource.of(seed, what).nextDouble());
                count++;
            }
        }
        assertEquals(count, seen.size());
    }
}
