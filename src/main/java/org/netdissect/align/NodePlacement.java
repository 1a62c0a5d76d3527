package org.netdissect.align;

/**
 * Placement of a map's units over the label grid for resizing.
 *
 * @param rows along the height
 * @param columns along the width
 */
public record NodePlacement(AxisPlacement rows, AxisPlacement columns) {
    /** See {@link AxisPlacement#HALF_PIXEL}. */
    public static final NodePlacement HALF_PIXEL =
            new NodePlacement(AxisPlacement.HALF_PIXEL, AxisPlacement.HALF_PIXEL);

    /** See {@link AxisPlacement#ALIGN_CORNERS}. */
    public static final NodePlacement ALIGN_CORNERS =
            new NodePlacement(AxisPlacement.ALIGN_CORNERS, AxisPlacement.ALIGN_CORNERS);
}
