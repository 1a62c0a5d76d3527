package org.netdissect.baseline;

import org.netdissect.base.Spelling;

/** Methods of the baseline. */
public enum BaselineMethod {
    /**
     * A permutation test on a sample of the images, without intervals, and with more draws for the few units that need
     * them.
     */
    QUICK(400),
    /** A permutation test and a bootstrap on all images. */
    PERMUTATION(1000);

    private final int draws;

    BaselineMethod(int draws) {
        this.draws = draws;
    }

    /** Default number of draws. */
    int draws() {
        return draws;
    }

    /** Spelling in the option. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
