package org.netdissect.activation;

import java.math.BigDecimal;
import java.util.Optional;
import org.netdissect.base.InputException;

/**
 * Finds the threshold T_k of every unit of a layer from one or more passes over the activations, exactly but for {@link
 * #sketch}.
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
     * A selector that needs one pass, the greatest values being kept in memory; nothing where they would pass {@code
     * memoryBytes}.
     */
    static Optional<ThresholdSelector> onePass(ActivationShape shape, BigDecimal topFraction, long memoryBytes) {
        long rank = QuantileRank.of(topFraction, shape.valuesPerUnit());
        return TopValues.bytes(shape.units(), rank) <= memoryBytes
                ? Optional.of(new TopValues(shape.units(), (int) rank))
                : Optional.empty();
    }

    /** A selector that needs three passes and 32 KiB per unit, whatever the number of images. */
    static ThresholdSelector threePasses(ActivationShape shape, BigDecimal topFraction) {
        return new RadixSelector(shape.units(), QuantileRank.of(topFraction, shape.valuesPerUnit()));
    }

    /**
     * A selector that needs one pass and keeps within {@code memoryBytes}, whatever the number of images; its thresholds
     * may be off by some ranks, see {@link Thresholds#rankError}.
     *
     * @throws InputException where not even the coarsest sketch fits
     */
    static ThresholdSelector sketch(ActivationShape shape, BigDecimal topFraction, long memoryBytes) {
        return new TailSketch(shape.units(), shape.valuesPerUnit(), topFraction, memoryBytes);
    }
}
