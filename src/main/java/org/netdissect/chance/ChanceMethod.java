package org.netdissect.chance;

import java.util.Locale;

/** Method by which chance is measured. */
public enum ChanceMethod {
    /**
     * A permutation test on a sample of the images, without intervals, with more draws for the few units that need
     * them.
     */
    QUICK(400),
    /** A permutation test on all images and a bootstrap over images. */
    PERMUTATION(1000);

    private final int draws;

    ChanceMethod(int draws) {
        this.draws = draws;
    }

    /** Default number of draws. */
    int draws() {
        return draws;
    }

    /** The option's spelling. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
