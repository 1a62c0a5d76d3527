package org.netdissect.align;

import org.netdissect.base.Spelling;

/** Rule for a label that several planes give to one pixel. */
public enum PixelLabels {
    /** The label counts once. */
    ONCE,
    /** The label counts once for each plane and for each number that covers the image (the released codes). */
    EACH_PLANE;

    /** The option's spelling. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
