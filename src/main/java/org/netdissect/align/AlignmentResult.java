package org.netdissect.align;

import java.util.List;

/**
 * What an alignment found for one view, and the cache keeps.
 *
 * @param parts counts by part of the images
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
