package org.netdissect.align;

import org.netdissect.base.GridSize;

/** Pixels of one mask M_k(x), valid until the next mask is found. */
public interface MaskPixels {
    /** The label grid. */
    GridSize grid();

    /** Number of pixels; 0 for an empty mask. */
    int count();

    /** Row-major indices of the pixels, in no certain order; only the first {@link #count} are valid. */
    int[] pixels();

    /** Copies the pixels into a mask that stays valid. */
    default Mask toMask() {
        return Mask.of(grid(), pixels(), count());
    }
}
