package org.netdissect.chance;

import org.jspecify.annotations.Nullable;

/**
 * How sure one unit's score is. What there is not is null: a unit without a label has neither an interval nor p and q, and
 * where nothing can be permuted there are no scores by chance.
 *
 * @param unit channel, 0-based
 * @param lower of the middle 95 % of its scores over images drawn again
 * @param upper of the same
 * @param p share of draws, the one that was seen among them, whose best IoU is as great as the unit's score
 * @param q least false discovery rate, over the layer's units with a label, at which the unit is significant
 * @param mean of its best IoU by chance
 * @param chance95 the best IoU that 95 in 100 draws do not exceed
 */
public record UnitChance(
        int unit,
        @Nullable Double lower,
        @Nullable Double upper,
        @Nullable Double p,
        @Nullable Double q,
        @Nullable Double mean,
        @Nullable Double chance95) {}
