package org.netdissect.activation.threshold;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.InputException;
import org.netdissect.base.Tail;

/**
 * Finds the thresholds of every unit of a layer from one or more passes over the activations, exactly but for {@link
 * #sketch}.
 *
 * <p>T_k is the value at 0-based rank floor(q * N) of the unit's N activations in descending order, so that at most a
 * fraction q of them is greater (Bau et al. 2017, section 2.2: P(a_k > T_k) = 0.005); of the lower tail in ascending
 * order. Values must be finite. Not thread-safe.
 *
 * <p>A pass may be split into parts, each with a selector of its own for some of the maps: {@link #newPart}, {@link
 * #merge}. Ranks are always those of all maps, so that the shape a selector is made for has all images, not those of a
 * part.
 */
public interface ThresholdSelector {
    /** Greatest number of quantiles per tail that share the 32 KiB per unit of {@link #threePasses}. */
    int QUANTILES_IN_THREE_PASSES = 4;

    /**
     * Takes one image's map of one unit: {@code map[0 .. cells-1]}, which may be changed.
     *
     * @return false where no value of it is above {@link #bound}
     */
    boolean add(int unit, float[] map, int cells);

    /** Lower bound of the thresholds of the upper tail; it rises with the maps seen. */
    default float bound(int unit) {
        return Float.NEGATIVE_INFINITY;
    }

    /**
     * An empty selector for some maps of the current pass. It is {@link #merge merged} into this one and never ends a
     * pass itself; a further pass needs new parts, since what they count depends on the passes before.
     */
    ThresholdSelector newPart();

    /**
     * Adds the maps that a part has taken; the part is left alone. Once every map of the pass was taken by this
     * selector or by one merged part, thresholds are bit for bit those of one selector given all maps, whatever the
     * order.
     *
     * @throws IllegalArgumentException where the part is of another pass or of another kind of selector
     */
    void merge(ThresholdSelector part);

    /** Ends a pass over all activations. True if every threshold is known, false if all must be given once more. */
    boolean endPass();

    /** Thresholds of each requested quantile, in order, once {@link #endPass} has returned true. None is -0.0. */
    List<Thresholds> all();

    /** The thresholds of the first quantile. */
    default Thresholds thresholds() {
        return all().get(0);
    }

    /** Bytes that a selector of one pass needs. */
    static long bytes(ActivationShape shape, List<Quantile> quantiles) {
        long bytes = 0;
        for (Tail tail : Tail.values()) {
            long values = shape.valuesPerUnit();
            OptionalLong greatest = quantiles.stream()
                    .filter(quantile -> quantile.tail() == tail)
                    .mapToLong(quantile -> quantile.rank(values))
                    .max();
            if (greatest.isPresent()) {
                long more = TopValues.bytes(shape.units(), greatest.getAsLong());
                bytes = more > Long.MAX_VALUE - bytes ? Long.MAX_VALUE : bytes + more;
            }
        }
        return bytes;
    }

    /**
     * Makes a one-pass selector that keeps the greatest values in memory; nothing if they exceed {@code memoryBytes}.
     * The values kept for the greatest fraction of a tail give all smaller fractions.
     */
    static Optional<ThresholdSelector> onePass(ActivationShape shape, List<Quantile> quantiles, long memoryBytes) {
        return bytes(shape, quantiles) <= memoryBytes
                ? Optional.of(new TailSelectors(
                        quantiles, shape.valuesPerUnit(), ranks -> new TopValues(shape.units(), ranks)))
                : Optional.empty();
    }

    /** A selector for T_k of the upper tail alone, otherwise the same. */
    static Optional<ThresholdSelector> onePass(ActivationShape shape, BigDecimal topFraction, long memoryBytes) {
        return onePass(shape, List.of(Quantile.upper(topFraction)), memoryBytes);
    }

    /**
     * A selector that needs three passes and 32 KiB per unit and tail, whatever the number of images, for at most
     * {@link #QUANTILES_IN_THREE_PASSES} of each.
     */
    static ThresholdSelector threePasses(ActivationShape shape, List<Quantile> quantiles) {
        return new TailSelectors(quantiles, shape.valuesPerUnit(), ranks -> new RadixSelector(shape.units(), ranks));
    }

    /** A selector for T_k of the upper tail alone, otherwise the same. */
    static ThresholdSelector threePasses(ActivationShape shape, BigDecimal topFraction) {
        return threePasses(shape, List.of(Quantile.upper(topFraction)));
    }

    /**
     * A selector that needs one pass and keeps within {@code memoryBytes}, whatever the number of images; its
     * thresholds may be off by some ranks, see {@link Thresholds#rankError}.
     *
     * @throws InputException where not even the coarsest sketch fits
     */
    static ThresholdSelector sketch(ActivationShape shape, List<Quantile> quantiles, long memoryBytes) {
        long tails = quantiles.stream().map(Quantile::tail).distinct().count();
        return new TailSelectors(
                quantiles,
                shape.valuesPerUnit(),
                ranks -> new TailSketch(shape.units(), shape.valuesPerUnit(), memoryBytes / tails, ranks));
    }
}
