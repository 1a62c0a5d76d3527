package org.netdissect.align;

import java.util.Comparator;
import java.util.OptionalDouble;
import org.netdissect.base.Spelling;

/**
 * A unit whose mask on one image is not empty.
 *
 * @param unit channel, 0-based
 * @param threshold T_k
 * @param peak the image's activation furthest beyond the threshold
 * @param mask M_k(x)
 */
public record ActiveUnit(int unit, float threshold, float peak, Mask mask) {
    /** Measures by which units are ordered, most active first. Ties go to the other measure, then to the lower unit. */
    public enum Order {
        /**
         * Share of the image that the mask covers. Over the probe set all units' masks cover about the same share, the
         * top fraction, so this compares units of any scale and sign.
         */
        AREA,
        /** The peak as a multiple of the threshold; units without one come last. */
        PEAK;

        Comparator<ActiveUnit> mostActiveFirst() {
            Comparator<ActiveUnit> area =
                    Comparator.comparingInt((ActiveUnit unit) -> -unit.mask().size());
            Comparator<ActiveUnit> peak = Comparator.comparingDouble(
                    (ActiveUnit unit) -> -unit.peakRatio().orElse(0));
            Comparator<ActiveUnit> measures = this == AREA ? area.thenComparing(peak) : peak.thenComparing(area);
            return measures.thenComparingInt(ActiveUnit::unit);
        }

        /** The option's spelling. */
        @Override
        public String toString() {
            return Spelling.of(this);
        }
    }

    /** Converts a unit of the negated layer to the layer's signs, or back; no number is -0.0. */
    public ActiveUnit negated() {
        return new ActiveUnit(unit, 0f - threshold, 0f - peak, mask);
    }

    /** Share of the image that the mask covers, 0 to 1. */
    public double area() {
        return MaskGeometry.share(mask);
    }

    /**
     * The peak as a multiple of the threshold; empty if that has no meaning, because the threshold is 0 or does not
     * have its tail's sign.
     */
    public OptionalDouble peakRatio() {
        boolean isBeyond = threshold > 0 ? peak >= threshold : threshold < 0 && peak < threshold;
        return isBeyond ? OptionalDouble.of((double) peak / threshold) : OptionalDouble.empty();
    }
}
