package org.netdissect.align;

import org.netdissect.base.Spelling;

/** How a map is resized bilinearly to the label grid, by the option's value: where its nodes are put. */
public enum Interpolation {
    /** See {@link AxisPlacement#HALF_PIXEL}. */
    HALF_PIXEL,
    /** See {@link AxisPlacement#ALIGN_CORNERS}. */
    ALIGN_CORNERS,
    /** See {@link AxisPlacement.FieldCentres}. */
    RECEPTIVE_FIELD,
    /** See {@link AxisPlacement.WholePixels}. */
    NETDISSECT;

    /** The option's spelling, such as {@code half-pixel}. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
