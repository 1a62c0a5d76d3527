package org.netdissect.run;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.netdissect.base.Spelling;

/** Rule for the fraction of a unit's activations above its threshold, given a top fraction q. */
public enum QuantileRule {
    /** q. */
    EXACT,
    /**
     * The quantile of the released programs. Of 1,000 quantiles at 0, 1/999, ..., 1 they take index int(1000 * (1 - q))
     * - 1: index 994 for q = 0.005, so that a fraction (999 - 994) / 999 is above. They estimate quantiles from a
     * sample; here quantiles are exact.
     */
    READOUT;

    private static final BigDecimal POINTS = BigDecimal.valueOf(1000);
    private static final BigDecimal LAST = BigDecimal.valueOf(999);
    private static final int DIGITS = 18;

    /** The fraction, rounded up in its last digit so that no whole rank is lost. */
    BigDecimal above(BigDecimal topFraction) {
        if (this == EXACT) {
            return topFraction;
        }
        BigDecimal index = POINTS.multiply(BigDecimal.ONE.subtract(topFraction))
                .setScale(0, RoundingMode.FLOOR)
                .subtract(BigDecimal.ONE)
                .max(BigDecimal.ZERO);
        return LAST.subtract(index).divide(LAST, DIGITS, RoundingMode.CEILING);
    }

    /** The option's spelling. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
