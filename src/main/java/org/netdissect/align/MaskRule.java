package org.netdissect.align;

import org.netdissect.activation.Thresholds;

/**
 * Which masks the units of a layer have: M_k(x) is where the resized map is beyond T_k. A unit whose threshold is positive
 * infinity has no masks.
 *
 * @param thresholds T_k
 * @param placement of the units over the label grid
 * @param comparison which pixels are beyond the threshold
 */
public record MaskRule(Thresholds thresholds, NodePlacement placement, Comparison comparison) {
    /** The greatest activation that is in no mask of the unit. */
    float bound(int unit) {
        return comparison.bound(thresholds.of(unit));
    }
}
