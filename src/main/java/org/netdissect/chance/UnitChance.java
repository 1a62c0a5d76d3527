package org.netdissect.chance;

import org.jspecify.annotations.Nullable;

/**
 * The baseline of one unit. A unit without a label has null interval, p and q; without permutations the scores by
 * chance are null.
 *
 * @param unit channel, 0-based
 * @param lower lower end of the middle 95 % of its bootstrap scores
 * @param upper upper end of the same
 * @param p share of draws, the observed one included, whose best IoU is at least the unit's score
 * @param q least false discovery rate, over the layer's units with a label, at which the unit is significant
 * @param mean mean of its best IoU by chance
 * @param chance95 95th percentile of its best IoU over the draws
 */
public record UnitChance(
        int unit,
        @Nullable Double lower,
        @Nullable Double upper,
        @Nullable Double p,
        @Nullable Double q,
        @Nullable Double mean,
        @Nullable Double chance95) {}
