package org.netdissect.align;

/** Rule for a label that several planes give to one pixel. */
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
