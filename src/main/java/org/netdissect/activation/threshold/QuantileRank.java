package org.netdissect.activation.threshold;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** The rank that defines T_k: 0-based, in descending order, floor(q * N) of N values (DESIGN: the empirical quantile). */
public final class QuantileRank {
    private QuantileRank() {}

    /**
     * Rank of the threshold among {@code count} values.
     *
     * <p>In decimal arithmetic: as a binary product 0.005 * 147000 may fall just under 735.
     *
     * @param topFraction q as the user wrote it, 0 < q < 1
     */
    public static long of(BigDecimal topFraction, long count) {
        return topFraction
                .multiply(BigDecimal.valueOf(count))
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }
}
