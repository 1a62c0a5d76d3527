package org.netdissect.chance;

import org.netdissect.base.Spelling;

/** How chance is measured. */
public enum ChanceMethod {
    /** A permutation test on a sample of the images, without intervals; the few units that need more draws get them. */
    QUICK(400),
    /** A permutation test on all images, and images drawn again. */
    PERMUTATION(1000);

    private final int draws;

    ChanceMethod(int draws) {
        this.draws = draws;
    }

    /** Number of draws where none is given. */
    int draws() {
        return draws;
    }

    /** The option's spelling. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
