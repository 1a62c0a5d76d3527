package org.netdissect.chance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much of one layer is chance.
 *
 * @param settings what was asked for
 * @param draws pairings that were drawn: fewer than asked for where no more differ, 0 where nothing can be permuted
 * @param unpaired images without another that holds the same categories, which keep their own labels
 * @param detectors by chance, null without draws
 * @param unique detectors by chance, null without draws
 * @param significant detectors with q of at most {@link #RATE}
 * @param unresolved detectors above that although they are better than every draw, as more draws would show
 * @param units in the order of the layer's scores
 */
public record LayerChance(
        ChanceSettings settings,
        int draws,
        int unpaired,
        @Nullable Expected detectors,
        @Nullable Expected unique,
        int significant,
        int unresolved,
        List<UnitChance> units) {
    /** The false discovery rate at which detectors are called significant. */
    public static final double RATE = 0.05;

    /** A count by chance: its mean over the draws, and what 95 in 100 of them do not exceed. */
    public record Expected(double mean, int most95) {
        static Expected of(int[] ascending) {
            long sum = 0;
            for (int count : ascending) {
                sum += count;
            }
            return new Expected((double) sum / ascending.length, Quantiles.of(ascending, 950));
        }
    }

    /** Copies the list. */
    public LayerChance {
        units = List.copyOf(units);
    }

    /** Draws that could tell the {@link #unresolved} detectors from chance, should none of them be as good. */
    public long drawsNeeded() {
        long tested = units.stream().filter(unit -> unit.p() != null).count();
        return (long) Math.ceil(tested / (RATE * Math.max(1, unresolved))) - 1;
    }
}
