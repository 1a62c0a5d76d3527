package org.netdissect.dissect;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.base.Tail;
import org.netdissect.run.RunSettings;
import org.netdissect.run.ViewThresholds;

/**
 * The thresholds of one layer.
 *
 * @param given by the user, in place of those of the top fraction
 * @param found what {@link RunSettings#quantiles} asks for
 */
record LayerThresholds(Optional<Thresholds> given, Map<Quantile, Thresholds> found) {

    /** T_k of a view at a quantile. */
    ViewThresholds of(Quantile quantile) {
        Thresholds values = given.orElseGet(() -> found(quantile));
        return quantile.tail() == Tail.UPPER
                ? new ViewThresholds(values, Set.of())
                : ViewThresholds.lower(values, found(Quantile.LEAST));
    }

    private Thresholds found(Quantile quantile) {
        return Objects.requireNonNull(found.get(quantile), () -> "no thresholds at " + quantile);
    }
}
