package org.netdissect.align;

import java.util.List;

/**
 * What an alignment found for one target.
 *
 * @param parts counts by part of the images
 * @param top the images that activate the units most; of the lower tail those of least activation, negated
 */
public record AlignmentResult(List<AlignmentCounts> parts, TopImages top) {
    /** Copies the list. */
    public AlignmentResult {
        parts = List.copyOf(parts);
    }

    /** Counts over all images. */
    public AlignmentCounts counts() {
        return parts.size() == 1 ? parts.get(0) : AlignmentCounts.sum(parts);
    }
}
