package org.netdissect.run;

import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.base.Tail;

/**
 * T_k of a view, with the signs of the layer.
 *
 * @param values of all units
 * @param tied units of the lower tail without masks, since their threshold is their least activation, as behind a ReLU;
 *     with {@code at-least} their masks would be whole images
 */
public record ViewThresholds(Thresholds values, Set<Integer> tied) {
    /** Copies the set. */
    public ViewThresholds {
        tied = Set.copyOf(tied);
    }

    /**
     * T_k at one quantile.
     *
     * @param computed thresholds by quantile; for a lower tail also those at {@link Quantile#LEAST}
     * @param given thresholds in place of those at the quantile, or null
     */
    public static ViewThresholds of(Quantile quantile, Map<Quantile, Thresholds> computed, @Nullable Thresholds given) {
        Thresholds values = given != null ? given : Objects.requireNonNull(computed.get(quantile));
        return quantile.tail() == Tail.UPPER
                ? new ViewThresholds(values, Set.of())
                : lower(values, Objects.requireNonNull(computed.get(Quantile.LEAST)));
    }

    private static ViewThresholds lower(Thresholds values, Thresholds least) {
        Set<Integer> tied = new HashSet<>();
        for (int unit = 0; unit < values.units(); unit++) {
            if (least.of(unit) >= values.of(unit)) {
                tied.add(unit);
            }
        }
        return new ViewThresholds(values, tied);
    }

    /** The thresholds of masks: negative infinity for tied units. */
    Thresholds marking() {
        float[] marking = values.toArray();
        tied.forEach(unit -> marking[unit] = Float.NEGATIVE_INFINITY);
        return new Thresholds(marking, values.rankError());
    }
}
