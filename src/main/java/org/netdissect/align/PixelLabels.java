package org.netdissect.align;

/** How often a label counts at a pixel to which several planes give it. */
public enum PixelLabels {
    /** Once. */
    ONCE("once"),
    /** Once for each plane and for each number that covers the image (the released codes). */
    EACH_PLANE("each-plane");

    private final String text;

    PixelLabels(String text) {
        this.text = text;
    }

    /** The option's spelling. */
    @Override
    public String toString() {
        return text;
    }
}
