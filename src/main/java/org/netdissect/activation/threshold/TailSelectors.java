package org.netdissect.activation.threshold;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.netdissect.activation.Negated;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.Tail;

/**
 * Finds thresholds of both tails in one pass, with one selector for the layer's maps and one for the maps of the {@link
 * Negated} layer.
 */
final class TailSelectors implements ThresholdSelector {
    private final List<Quantile> quantiles;
    private final Map<Tail, ThresholdSelector> selectors = new EnumMap<>(Tail.class);

    /** Makes a selector for the values at these ranks in descending order. */
    interface Maker {
        ThresholdSelector make(long... ranks);
    }

    TailSelectors(List<Quantile> quantiles, long valuesPerUnit, Maker maker) {
        this.quantiles = List.copyOf(quantiles);
        for (Tail tail : Tail.values()) {
            long[] ranks = quantiles.stream()
                    .filter(quantile -> quantile.tail() == tail)
                    .mapToLong(quantile -> quantile.rank(valuesPerUnit))
                    .toArray();
            if (ranks.length > 0) {
                selectors.put(tail, maker.make(ranks));
            }
        }
    }

    private TailSelectors(TailSelectors whole) {
        this.quantiles = whole.quantiles;
        whole.selectors.forEach((tail, selector) -> selectors.put(tail, selector.newPart()));
    }

    @Override
    public TailSelectors newPart() {
        return new TailSelectors(this);
    }

    @Override
    public void merge(ThresholdSelector part) {
        if (!(part instanceof TailSelectors other) || !other.quantiles.equals(quantiles)) {
            throw new IllegalArgumentException("not a part of the same quantiles");
        }
        other.selectors.forEach(
                (tail, selector) -> Objects.requireNonNull(selectors.get(tail)).merge(selector));
    }

    @Override
    public boolean add(int unit, float[] map, int cells) {
        ThresholdSelector upper = selectors.get(Tail.UPPER);
        boolean mayExceed = upper != null && upper.add(unit, map, cells);
        ThresholdSelector lower = selectors.get(Tail.LOWER);
        if (lower != null) {
            Negated.negate(map, cells);
            lower.add(unit, map, cells);
        }
        return mayExceed;
    }

    @Override
    public float bound(int unit) {
        ThresholdSelector upper = selectors.get(Tail.UPPER);
        return upper == null ? Float.POSITIVE_INFINITY : upper.bound(unit);
    }

    @Override
    public boolean endPass() {
        boolean done = true;
        for (ThresholdSelector selector : selectors.values()) {
            done &= selector.endPass();
        }
        return done;
    }

    @Override
    public List<Thresholds> all() {
        Map<Tail, List<Thresholds>> found = new EnumMap<>(Tail.class);
        selectors.forEach((tail, selector) -> found.put(tail, new ArrayList<>(selector.all())));
        List<Thresholds> all = new ArrayList<>();
        for (Quantile quantile : quantiles) {
            Thresholds next = found.getOrDefault(quantile.tail(), List.of()).remove(0);
            all.add(quantile.tail() == Tail.UPPER ? next : next.negated());
        }
        return all;
    }
}
