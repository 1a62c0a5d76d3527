package org.netdissect.baseline;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The false discovery rate of Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995). */
final class FalseDiscovery {
    private FalseDiscovery() {}

    /** Returns the least rate at which each hypothesis is rejected, for these p-values. */
    static double[] rates(double[] pValues) {
        int[] falling = IntStream.range(0, pValues.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -pValues[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] rates = new double[pValues.length];
        double least = 1;
        for (int place = 0; place < falling.length; place++) {
            int rank = falling.length - place;
            least = Math.min(least, pValues[falling[place]] * falling.length / rank);
            rates[falling[place]] = least;
        }
        return rates;
    }
}
