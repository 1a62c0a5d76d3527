package org.netdissect.align;

import java.util.List;

/**
 * Result of an alignment for one target, as the cache keeps it.
 *
 * @param parts counts of each part of the images
 * @param top the images that activate the units most
 */
public record AlignmentResult(List<AlignmentCounts> parts, TopImages top) {
    /** Copies the list. */
    public AlignmentResult {
        parts = List.copyOf(parts);
    }

    /** Counts over all images. */
    public AlignmentCounts counts() {
        return AlignmentCounts.sum(parts);
    }
}
