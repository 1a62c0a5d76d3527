package org.netdissect.baseline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Comparison of one layer with chance.
 *
 * @param settings of the analysis
 * @param sample images of the analysis and the detectors on them
 * @param draws number of pairings drawn; fewer than requested if no more differ, 0 if nothing can be permuted
 * @param detectors by chance, on the same images; null without draws
 * @param unique detectors by chance, on the same images; null without draws
 * @param significant detectors with q of at most {@link #RATE}
 * @param unresolved detectors with a greater q although they beat every draw; more draws would decide
 * @param units in the order of the layer's scores
 */
public record LayerBaseline(
        BaselineSettings settings,
        Sample sample,
        int draws,
        @Nullable Expected detectors,
        @Nullable Expected unique,
        int significant,
        int unresolved,
        List<UnitBaseline> units) {
    /** False discovery rate of significant detectors. */
    public static final double RATE = 0.05;

    /** Fewest draws for a p-value of {@link #RATE}: p is at least 1 / (draws + 1). */
    private static final int LEAST_DRAWS = (int) Math.round(1 / RATE) - 1;

    /**
     * Images of the analysis. Detectors by chance are compared with the detectors on these images, not on all images,
     * since fewer images give greater IoUs by chance.
     *
     * @param images number of images
     * @param detectors units whose best IoU on them is above the threshold
     * @param unique labels of these
     * @param unpaired images that keep their labels, since no other image holds the same categories
     */
    public record Sample(int images, int detectors, int unique, int unpaired) {}

    /** A count by chance: its mean over the draws, and the bound that 95 in 100 draws do not exceed. */
    public record Expected(double mean, int most95) {
        static Expected of(int[] ascending) {
            long sum = 0;
            for (int count : ascending) {
                sum += count;
            }
            return new Expected((double) sum / ascending.length, Quantiles.of(ascending, 950));
        }
    }

    /** Verdicts on detectors. */
    public enum Verdict {
        /** There are no detectors, or chance gives at most half as many. */
        BEYOND_CHANCE,
        /**
         * No p-value can be small enough, because the images can be paired in few ways; chance may still give fewer
         * detectors.
         */
        TOO_FEW_IMAGES,
        /** None or few are significant, and chance gives as many detectors. */
        NO_MORE_THAN_CHANCE,
        /** Chance gives more than half as many detectors. */
        MOSTLY_CHANCE
    }

    /** Copies the list. */
    public LayerBaseline {
        units = List.copyOf(units);
    }

    /**
     * Verdict on a layer's detectors.
     *
     * <p>A p-value is at least 1 / (draws + 1), so fewer than 19 different draws cannot distinguish any unit from
     * chance. With enough draws, detectors are no more than chance gives if none is significant at a false discovery
     * rate of 0.05. The same holds if chance gives as many and at most one in 20 is significant, since these
     * may be false discoveries. Even with significant detectors the list as a whole may be worth little: detectors
     * by chance divided by detectors, on the same images, estimate the share of false ones in the list (the estimate
     * that Benjamini and Hochberg's procedure controls). Above one half, a unit taken from the list is more likely luck
     * than not. This happens with few images, since an IoU over few images varies much by chance and the threshold
     * --iou does not depend on their number.
     *
     * @param layerDetectors number of detectors of the layer, by the top-label rule on all images
     */
    public Verdict verdict(int layerDetectors) {
        if (layerDetectors == 0) {
            return Verdict.BEYOND_CHANCE;
        }
        if (detectors == null || draws < LEAST_DRAWS) {
            return Verdict.TOO_FEW_IMAGES;
        }
        boolean noneIs = significant == 0 && unresolved == 0;
        boolean fewAre = significant <= RATE * layerDetectors && sample.detectors() <= detectors.mean();
        if (noneIs && sample.detectors() > detectors.most95()) {
            return Verdict.TOO_FEW_IMAGES;
        }
        if (noneIs || fewAre) {
            return Verdict.NO_MORE_THAN_CHANCE;
        }
        return 2 * detectors.mean() > sample.detectors() ? Verdict.MOSTLY_CHANCE : Verdict.BEYOND_CHANCE;
    }

    /** Number of draws that would make the {@link #unresolved} detectors significant if no draw reaches their score. */
    public long drawsNeeded() {
        long tested = units.stream().filter(unit -> unit.p() != null).count();
        return (long) Math.ceil(tested / (RATE * Math.max(1, unresolved))) - 1;
    }
}
