package org.netdissect.align;

import java.util.List;

/**
 * The best concepts of one unit.
 *
 * @param unit channel, 0-based
 * @param threshold T_k
 * @param categories the best concept of each category, by position; {@link ConceptScore#NONE} if its IoU is 0
 * @param category position of the category with the greatest IoU, ties to the later; -1 for a unit without a label
 */
public record UnitScores(int unit, float threshold, List<ConceptScore> categories, int category) {

    /** Copies the list. */
    public UnitScores {
        categories = List.copyOf(categories);
    }

    /** The unit's label with its score, or {@link ConceptScore#NONE}. */
    public ConceptScore best() {
        return category < 0 ? ConceptScore.NONE : categories.get(category);
    }
}
