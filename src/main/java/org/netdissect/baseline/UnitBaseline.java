package org.netdissect.baseline;

import org.jspecify.annotations.Nullable;

/**
 * Comparison of one unit's score with chance. Values that do not exist are null: a unit without a label has no
 * interval, p or q, and there are no scores by chance if nothing can be permuted.
 *
 * @param unit channel, 0-based
 * @param lower lower end of the middle 95 % of the unit's scores in the bootstrap
 * @param upper upper end of that interval
 * @param p share of draws, the observed pairing included, whose best IoU is at least the unit's score
 * @param q least false discovery rate, over the layer's units with a label, at which the unit is significant
 * @param mean mean of its best IoU by chance
 * @param chance95 best IoU that 95 in 100 draws do not exceed
 */
public record UnitBaseline(
        int unit,
        @Nullable Double lower,
        @Nullable Double upper,
        @Nullable Double p,
        @Nullable Double q,
        @Nullable Double mean,
        @Nullable Double chance95) {}
