package org.netdissect.align;

import org.netdissect.base.Spelling;

/** How often a label counts at a pixel to which several planes give it. */
public enum PixelLabels {
    /** Once. */
    ONCE,
    /** Once for each plane and for each number that covers the image (the released codes). */
    EACH_PLANE;

    /** The option's spelling. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
