package org.netdissect.run;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.netdissect.base.Spelling;

/** Which fraction of a unit's activations lies above its threshold, for a top fraction q. */
public enum QuantileRule {
    /** q. */
    EXACT,
    /**
     * What the released codes read off: of 1,000 quantiles at 0, 1/999, ..., 1 that with index int(1000 * (1 - q)) - 1,
     * for q = 0.005 number 994. So (999 - 994) / 999 lies above. Those programs estimate it from a sample; here it is
     * exact.
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
