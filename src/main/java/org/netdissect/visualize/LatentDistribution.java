package org.netdissect.visualize;

import org.netdissect.base.Spelling;

/** Distributions of the numbers that a generator was trained with. */
public enum LatentDistribution {
    /** Uniform in -1..1. */
    UNIFORM,
    /** Normal, with standard deviation 1. */
    NORMAL;

    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
