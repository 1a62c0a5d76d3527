package org.netdissect.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

/** Random numbers, quantiles and false discovery rates. */
class RandomNumbersTest {
    @Test
    void weightsAreAsPoissonNumbersOfMeanOne() {
        double[] weights = new double[1000];
        int[] count = new int[30];
        double covariance = 0;
        double[] before = new double[1000];
        for (int image = 0; image < 1000; image++) {
            new PoissonWeights(4).fill(image, weights);
            for (int draw = 0; draw < weights.length; draw++) {
                count[(int) weights[draw]]++;
                covariance += image == 0 ? 0 : (weights[draw] - 1) * (before[draw] - 1);
            }
            System.arraycopy(weights, 0, before, 0, weights.length);
        }
        double probability = Math.exp(-1);
        for (int k = 0; k <= 8; k++) {
            // four standard errors of a million draws
            assertEquals(probability, count[k] / 1e6, 4e-3 * Math.sqrt(probability), "weight " + k);
            probability /= k + 1;
        }
        assertEquals(0, covariance / 1e6, 4e-3, "from one image to the next");
    }

    /** Random numbers of version 0.1.0; other numbers would change the p-values of a seed. */
    @Test
    void numbersStayAsTheyAre() {
        CountedRandom random = new CountedRandom(7, CountedRandom.Use.SHIFT);
        assertEquals(random.bits(3, 4), new CountedRandom(7, CountedRandom.Use.SHIFT).bits(3, 4));
        assertNotEquals(random.bits(3, 4), random.bits(4, 3));
        assertNotEquals(random.bits(3, 4), new CountedRandom(7, CountedRandom.Use.WEIGHT).bits(3, 4));
        assertNotEquals(random.bits(3, 4), new CountedRandom(8, CountedRandom.Use.SHIFT).bits(3, 4));
        int[] count = new int[15];
        for (int i = 0; i < 150_000; i++) {
            count[random.below(15, i / 100, i % 100)]++;
        }
        for (int each : count) {
            assertEquals(10_000, each, 400);
        }
    }

    /**
     * By hand: p·m/rank is 0.025, 0.1, 0.05, 0.05, 0.9 by falling significance; q is the least of a value and all later
     * ones.
     */
    @Test
    void falseDiscoveryRatesByHand() {
        double[] p = {0.04, 0.005, 0.9, 0.04, 0.03};
        assertArrayEquals(new double[] {0.05, 0.025, 0.9, 0.05, 0.05}, FalseDiscovery.rates(p), 1e-15);
        assertArrayEquals(new double[0], FalseDiscovery.rates(new double[0]));
        assertArrayEquals(new double[] {1, 1}, FalseDiscovery.rates(new double[] {1, 1}));
        assertArrayEquals(new double[] {0.2}, FalseDiscovery.rates(new double[] {0.2}));
    }

    @Test
    void quantilesAreDraws() {
        int[] hundred = new int[100];
        java.util.Arrays.setAll(hundred, i -> i + 1);
        assertEquals(95, Quantiles.of(hundred, 950));
        assertEquals(3, Quantiles.of(hundred, 25));
        assertEquals(98, Quantiles.of(hundred, 975));
        assertEquals(4, Quantiles.of(new double[] {4}, 25));
        assertEquals(6, Quantiles.of(new double[] {4, 5, 6}, 950));
    }
}
