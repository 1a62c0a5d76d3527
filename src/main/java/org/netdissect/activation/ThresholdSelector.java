package org.netdissect.activation;

import java.math.BigDecimal;

/**
 * Finds the threshold T_k of every unit of a layer, exactly, from one or more passes over the activations.
 *
 * <p>T_k is the value at 0-based rank floor(q * N) of the unit's N activations in descending order, so that at most a
 * fraction q of them is greater (Bau et al. 2017, section 2.2: P(a_k > T_k) = 0.005). Values must be finite. Not
 * thread-safe.
 */
public interface ThresholdSelector {

    /** Takes one image's map of one unit: {@code map[0 .. cells-1]}. */
    void add(int unit, float[] map, int cells);

    /** Ends a pass over all activations. True if every threshold is known, false if all must be given once more. */
    boolean endPass();

    /** The thresholds, once {@link #endPass} has said true. None is -0.0. */
    Thresholds thresholds();

    /**
     * The fastest selector that fits: one pass with the greatest values in memory, or, past {@code memoryBytes}, three
     * passes with histograms of bounded size. Both are exact.
     */
    static ThresholdSelector create(ActivationShape shape, BigDecimal topFraction, long memoryBytes) {
        long rank = QuantileRank.of(topFraction, shape.valuesPerUnit());
        return TopValues.bytes(shape.units(), rank) <= memoryBytes
                ? new TopValues(shape.units(), (int) rank)
                : new RadixSelector(shape.units(), rank);
    }
}
