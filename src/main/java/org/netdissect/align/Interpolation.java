package org.netdissect.align;

/** How a map is resized bilinearly to the label grid, by the option's value: where its nodes are put. */
public enum Interpolation {
    /** See {@link AxisPlacement#HALF_PIXEL}. */
    HALF_PIXEL("half-pixel"),
    /** See {@link AxisPlacement#ALIGN_CORNERS}. */
    ALIGN_CORNERS("align-corners"),
    /** See {@link AxisPlacement.FieldCentres}. */
    RECEPTIVE_FIELD("receptive-field"),
    /** See {@link AxisPlacement.WholePixels}. */
    NETDISSECT("netdissect");

    private final String text;

    Interpolation(String text) {
        this.text = text;
    }

    /** The option's spelling, such as {@code half-pixel}. */
    @Override
    public String toString() {
        return text;
    }
}
