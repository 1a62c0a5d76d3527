package org.netdissect.run;

import java.util.HashSet;
import java.util.Set;
import org.netdissect.activation.Thresholds;

/**
 * T_k of a view, with the signs of the layer.
 *
 * @param values of all units
 * @param tied units of the lower tail without masks, since their threshold is their least activation, as behind a ReLU;
 *     with {@code at-least} they would mark whole images
 */
public record ViewThresholds(Thresholds values, Set<Integer> tied) {
    /** Copies the set. */
    public ViewThresholds {
        tied = Set.copyOf(tied);
    }

    /** Thresholds of the lower tail; {@code least} are the units' least activations. */
    public static ViewThresholds lower(Thresholds values, Thresholds least) {
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
