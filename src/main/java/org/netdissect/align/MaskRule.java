package org.netdissect.align;

import org.netdissect.activation.Thresholds;

/**
 * Defines the masks of a layer: M_k(x) is the set of pixels where the resized map exceeds T_k or, by another
 * comparison, reaches it. A unit whose threshold is positive infinity has no masks.
 *
 * @param thresholds T_k
 * @param placement of the units over the label grid
 * @param comparison rule for the pixels of a mask
 */
public record MaskRule(Thresholds thresholds, NodePlacement placement, Comparison comparison) {
    /** The greatest activation that is in no mask of the unit. */
    float bound(int unit) {
        return comparison.bound(thresholds.of(unit));
    }
}
