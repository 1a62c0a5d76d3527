package org.netdissect.align;

import org.netdissect.base.Spelling;

/** Images over which a unit's activation is summed for the labels of a category. */
public enum ActivationImages {
    /** Images that hold a label of the category (Bau et al. 2017, section 2.3). */
    HOLDING,
    /** Images where the mask touches a label of the category, or one covers the image (NetDissect-Lite). */
    TOUCHED;

    /** The option's spelling. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
