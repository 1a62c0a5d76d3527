package org.netdissect.pipeline;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.netdissect.activation.Quantile;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.Tail;

/**
 * The thresholds of one layer.
 *
 * @param given by the user, in place of those of the top fraction
 * @param found what {@link RunSettings#quantiles} asks for
 */
record LayerThresholds(Optional<Thresholds> given, Map<Quantile, Thresholds> found) {

    /** T_k of a tail. */
    Thresholds of(Tail tail, BigDecimal fraction) {
        return given.orElseGet(() -> found(new Quantile(tail, fraction)));
    }

    private Thresholds found(Quantile quantile) {
        return Objects.requireNonNull(found.get(quantile), () -> "no thresholds at " + quantile);
    }

    /** T_k as masks are made with it: see {@link #marking(Thresholds, Thresholds)}. */
    Thresholds marking(Tail tail, Thresholds thresholds) {
        return tail == Tail.UPPER ? thresholds : marking(thresholds, found(Quantile.LEAST));
    }

    /** How many units of a tail are tied, which is asked of the lower one alone. */
    int tied(Tail tail, Thresholds thresholds) {
        if (tail == Tail.UPPER) {
            return 0;
        }
        int tied = 0;
        for (int unit = 0; unit < thresholds.units(); unit++) {
            tied += isTied(thresholds, found(Quantile.LEAST), unit) ? 1 : 0;
        }
        return tied;
    }

    /**
     * Lower thresholds that leave tied units without masks: those of which no activation is below the threshold, such as a
     * ReLU's. With {@code at-least} they would mark whole images.
     */
    static Thresholds marking(Thresholds lower, Thresholds least) {
        float[] marking = lower.toArray();
        for (int unit = 0; unit < marking.length; unit++) {
            if (isTied(lower, least, unit)) {
                marking[unit] = Float.NEGATIVE_INFINITY;
            }
        }
        return new Thresholds(marking, lower.rankError());
    }

    private static boolean isTied(Thresholds lower, Thresholds least, int unit) {
        return least.of(unit) >= lower.of(unit);
    }
}
