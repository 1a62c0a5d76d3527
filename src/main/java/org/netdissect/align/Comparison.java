package org.netdissect.align;

/** Which pixels belong to a mask. */
public enum Comparison {
    /** Those greater than the threshold, as in the released code of Network Dissection. */
    ABOVE("above"),
    /** Those not less than it, as section 2.2 of Bau et al. 2017 is written. */
    AT_LEAST("at-least");

    private final String text;

    Comparison(String text) {
        this.text = text;
    }

    /** The greatest value that does not belong to the mask, among floats. */
    float bound(float threshold) {
        return this == ABOVE ? threshold : Math.nextDown(threshold);
    }

    /** The same among doubles. */
    double pixelBound(float threshold) {
        return this == ABOVE ? threshold : Math.nextDown((double) threshold);
    }

    /** The option's spelling. */
    @Override
    public String toString() {
        return text;
    }
}
