package org.netdissect.align;

/** Over which images the activation of a unit is summed for the labels of a category. */
public enum ActivationImages {
    /** Those that hold a label of the category (Bau et al. 2017, section 2.3). */
    HOLDING("holding"),
    /** Those where the mask touches a label of the category, or one covers the image (NetDissect-Lite). */
    TOUCHED("touched");

    private final String text;

    ActivationImages(String text) {
        this.text = text;
    }

    /** The option's spelling. */
    @Override
    public String toString() {
        return text;
    }
}
