package org.netdissect.activation.threshold;

import java.math.BigDecimal;
import org.netdissect.base.Tail;

/**
 * Rank of a threshold: of a unit's N activations, counted from the end of a tail, the one at 0-based rank
 * floor(fraction * N). At most that fraction is beyond it.
 *
 * @param fraction 0 or more, less than 1; with 0 nothing is beyond
 */
public record Quantile(Tail tail, BigDecimal fraction) {
    /** The least activation. */
    public static final Quantile LEAST = new Quantile(Tail.LOWER, BigDecimal.ZERO);

    /** Strips trailing zeros, so that equal numbers are equal quantiles. */
    public Quantile {
        fraction = fraction.stripTrailingZeros();
    }

    /** T_k of the upper tail. */
    public static Quantile upper(BigDecimal fraction) {
        return new Quantile(Tail.UPPER, fraction);
    }

    /** Rank among {@code count} values, counted from the tail's end. */
    long rank(long count) {
        return QuantileRank.of(fraction, count);
    }

    /** In names of files: {@code 0.005} of the upper tail, {@code lower-0.005} of the lower one. */
    @Override
    public String toString() {
        return (tail == Tail.UPPER ? "" : tail + "-") + fraction.toPlainString();
    }
}
