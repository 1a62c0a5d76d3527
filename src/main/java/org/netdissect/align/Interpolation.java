package org.netdissect.align;

/** Where the centres of a map's cells lie when it is resized bilinearly to the label grid. */
public enum Interpolation {
    /** Centres at (i + 0.5) / size, edges clamped: PyTorch's {@code align_corners=False}. */
    HALF_PIXEL("half-pixel"),
    /** First and last centres on the first and last pixels: PyTorch's {@code align_corners=True}. */
    ALIGN_CORNERS("align-corners");

    private final String text;

    Interpolation(String text) {
        this.text = text;
    }

    /** Place of label pixel {@code pixel} among the nodes of one axis, in nodes, before clamping. */
    double position(int pixel, int nodes, int pixels) {
        return switch (this) {
            case HALF_PIXEL -> (pixel + 0.5) * nodes / pixels - 0.5;
            case ALIGN_CORNERS -> pixels == 1 ? 0 : (double) pixel * (nodes - 1) / (pixels - 1);
        };
    }

    /** The option's spelling, such as {@code half-pixel}. */
    @Override
    public String toString() {
        return text;
    }
}
