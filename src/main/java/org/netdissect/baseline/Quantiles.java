package org.netdissect.baseline;

/** Empirical quantiles. */
final class Quantiles {
    private Quantiles() {}

    /** Returns the least of these ascending values that at least {@code permille} in 1000 of them do not exceed. */
    static double of(double[] ascending, int permille) {
        return ascending[rank(ascending.length, permille)];
    }

    /** The same for whole numbers. */
    static int of(int[] ascending, int permille) {
        return ascending[rank(ascending.length, permille)];
    }

    private static int rank(int count, int permille) {
        return (int) Math.max(0, ((long) count * permille + 999) / 1000 - 1);
    }
}
