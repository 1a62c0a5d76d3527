package org.netdissect.align;

import org.netdissect.base.Spelling;

/** Placement of a map's nodes on the label grid for bilinear resizing. */
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
