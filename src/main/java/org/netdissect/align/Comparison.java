package org.netdissect.align;

import org.netdissect.base.Spelling;

/** Rule for the pixels of a mask. */
public enum Comparison {
    /** Pixels greater than the threshold, as in the released code of Network Dissection. */
    ABOVE,
    /** Pixels not less than the threshold, as section 2.2 of Bau et al. 2017 is written. */
    AT_LEAST;

    /** Greatest float outside the mask. */
    float bound(float threshold) {
        return this == ABOVE ? threshold : Math.nextDown(threshold);
    }

    /** Greatest double outside the mask. */
    double pixelBound(float threshold) {
        return this == ABOVE ? threshold : Math.nextDown((double) threshold);
    }

    /** The option's spelling. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
