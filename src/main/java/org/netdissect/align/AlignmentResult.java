package org.netdissect.align;

import java.util.List;

/**
 * Result of an alignment for one target, as the cache keeps it.
 *
 * @param parts counts of each part of the images
 * @param top the images that activate the units most
 * @param least the images that activate the units least
 */
public record AlignmentResult(List<AlignmentCounts> parts, TopImages top, LeastImages least) {
    /** Copies the list. */
    public AlignmentResult {
        parts = List.copyOf(parts);
    }

    /** A result that keeps no least activating images. */
    public AlignmentResult(List<AlignmentCounts> parts, TopImages top) {
        this(parts, top, new LeastImages(top.units(), 0));
    }

    /** Counts over all images. */
    public AlignmentCounts counts() {
        return AlignmentCounts.sum(parts);
    }
}
