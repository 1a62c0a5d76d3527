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
 * Finds the thresholds of every unit of a layer from one or more passes over the activations; exact unless made by
 * {@link #sketch}.
 *
 * <p>T_k is the value at 0-based rank floor(q * N) of the unit's N activations in descending order, so that at most a
 * fraction q of them is greater (Bau et al. 2017, section 2.2: P(a_k > T_k) = 0.005); the ranks of the lower tail are
 * in ascending order. Values must be finite. Not thread-safe.
 *
 * <p>A pass may be split into parts, each with a separate selector for some of the maps: {@link #newPart}, {@link
 * #merge}. Ranks are among the values of all parts, so a selector is made for the shape with all images.
 */
public interface ThresholdSelector {
    /** Greatest number of quantiles per tail that share the 32 KiB per unit of {@link #threePasses}. */
    int QUANTILES_IN_THREE_PASSES = 4;

    /**
     * Takes one image's map of one unit: {@code map[0 .. cells-1]}, which may be changed.
     *
     * @return false if no value is above {@link #bound}
     */
    boolean add(int unit, float[] map, int cells);

    /** Lower bound of the thresholds of the upper tail; it rises with the maps seen. */
    default float bound(int unit) {
        return Float.NEGATIVE_INFINITY;
    }

    /**
     * Makes an empty selector for some maps of the current pass, to be {@link #merge merged} into this one; {@link
     * #endPass} is not called on it. Each pass needs new parts, since their counts depend on earlier passes.
     */
    ThresholdSelector newPart();

    /**
     * Adds the maps of a part, which stays unchanged. Once every map of the pass was added to this selector or to one
     * merged part, thresholds equal, bit for bit, those of one selector that got all maps, in any order.
     *
     * @throws IllegalArgumentException if the part is of another pass or of another kind of selector
     */
    void merge(ThresholdSelector part);

    /** Ends a pass over all activations. Returns true if every threshold is known, false if another pass is needed. */
    boolean endPass();

    /** Thresholds of each requested quantile, in order, once {@link #endPass} has returned true. None is -0.0. */
    List<Thresholds> all();

    /** The thresholds of the first quantile. */
    default Thresholds thresholds() {
        return all().get(0);
    }

    /** Memory in bytes that a selector of {@link #onePass} needs at most. */
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
     * The values for a tail's greatest fraction include those for its smaller fractions.
     */
    static Optional<ThresholdSelector> onePass(ActivationShape shape, List<Quantile> quantiles, long memoryBytes) {
        return bytes(shape, quantiles) <= memoryBytes
                ? Optional.of(new TailSelectors(
                        quantiles, shape.valuesPerUnit(), ranks -> new TopValues(shape.units(), ranks)))
                : Optional.empty();
    }

    /** The same for one fraction of the upper tail. */
    static Optional<ThresholdSelector> onePass(ActivationShape shape, BigDecimal topFraction, long memoryBytes) {
        return onePass(shape, List.of(Quantile.upper(topFraction)), memoryBytes);
    }

    /**
     * Makes a selector of three passes. It needs 32 KiB per unit and tail for any number of images, if no tail has more
     * than {@link #QUANTILES_IN_THREE_PASSES} quantiles.
     */
    static ThresholdSelector threePasses(ActivationShape shape, List<Quantile> quantiles) {
        return new TailSelectors(quantiles, shape.valuesPerUnit(), ranks -> new RadixSelector(shape.units(), ranks));
    }

    /** The same for one fraction of the upper tail. */
    static ThresholdSelector threePasses(ActivationShape shape, BigDecimal topFraction) {
        return threePasses(shape, List.of(Quantile.upper(topFraction)));
    }

    /**
     * Makes a selector of one pass that needs at most {@code memoryBytes} for any number of images; its thresholds may
     * be off by some ranks, see {@link Thresholds#rankError}.
     *
     * @throws InputException if even the coarsest sketch does not fit
     */
    static ThresholdSelector sketch(ActivationShape shape, List<Quantile> quantiles, long memoryBytes) {
        long tails = quantiles.stream().map(Quantile::tail).distinct().count();
        return new TailSelectors(
                quantiles,
                shape.valuesPerUnit(),
                ranks -> new TailSketch(shape.units(), shape.valuesPerUnit(), memoryBytes / tails, ranks));
    }
}
