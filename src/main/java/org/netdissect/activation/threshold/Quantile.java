package org.netdissect.activation.threshold;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.netdissect.base.Tail;

/**
 * Rank of a threshold: floor(fraction * N), 0-based, among a unit's N activations counted from the end of a tail. At
 * most that fraction is beyond the threshold.
 *
 * @param fraction from 0 to less than 1
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
        return rank(fraction, count);
    }

    /**
     * Rank floor(fraction * count), in decimal arithmetic: as a binary product 0.005 * 147000 may fall just under 735.
     */
    public static long rank(BigDecimal fraction, long count) {
        return fraction.multiply(BigDecimal.valueOf(count))
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }

    /** Name in file names: {@code 0.005} for the upper tail, {@code lower-0.005} for the lower one. */
    @Override
    public String toString() {
        return (tail == Tail.UPPER ? "" : tail + "-") + fraction.toPlainString();
    }
}
