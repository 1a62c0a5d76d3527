package org.netdissect.baseline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.LayerScores;
import org.netdissect.align.UnitScores;

/** Collects the draws of a layer's units, in any order and from several threads. */
public final class LayerDraws {
    private final double iouThreshold;
    private final int images;
    private final int unpaired;
    /** whether the draws are kept, for {@link BaselineCodec} */
    private final boolean holds;
    /** [draws] */
    private final int[] detectors;
    /** [draws] labels of detectors */
    private final BitSet[] unique;

    private int ownDetectors;
    private final BitSet ownUnique = new BitSet();
    private final @Nullable UnitDraws[] units;
    private final ResampledScores.@Nullable Interval[] intervals;

    /**
     * Draws of no unit yet.
     *
     * @param units number of units
     * @param images number of images in the sample
     * @param unpaired number of images without another that holds the same categories
     */
    LayerDraws(int units, double iouThreshold, int draws, int images, int unpaired, boolean holds) {
        this.iouThreshold = iouThreshold;
        this.images = images;
        this.unpaired = unpaired;
        this.holds = holds;
        this.detectors = new int[draws];
        this.unique = new BitSet[draws];
        this.units = new @Nullable UnitDraws[units];
        this.intervals = new ResampledScores.@Nullable Interval[units];
        Arrays.setAll(unique, draw -> new BitSet());
    }

    /** Adds a unit with its interval or null. */
    void add(UnitDraws unit, ResampledScores.@Nullable Interval interval) {
        synchronized (detectors) {
            double[] best = unit.best();
            for (int draw = 0; draw < best.length; draw++) {
                if (best[draw] > iouThreshold) {
                    detectors[draw]++;
                    unique[draw].set(unit.label()[draw]);
                }
            }
            if (unit.own() > iouThreshold) {
                ownDetectors++;
                ownUnique.set(unit.ownLabel());
            }
        }
        units[unit.unit()] = holds ? unit : unit.summed();
        intervals[unit.unit()] = interval;
    }

    int draws() {
        return detectors.length;
    }

    int images() {
        return images;
    }

    int unpaired() {
        return unpaired;
    }

    boolean holds() {
        return holds;
    }

    UnitDraws unit(int unit) {
        return Objects.requireNonNull(units[unit]);
    }

    int units() {
        return units.length;
    }

    /** Compares these scores with the draws of all units. */
    public LayerBaseline chance(LayerScores scores, BaselineSettings settings) {
        List<UnitBaseline> rated = rated(scores);
        int significant = 0;
        int unresolved = 0;
        for (int i = 0; i < rated.size(); i++) {
            UnitBaseline unit = rated.get(i);
            if (unit.q() != null && scores.units().get(i).best().iou() > iouThreshold) {
                boolean isSignificant = unit.q() <= LayerBaseline.RATE;
                significant += isSignificant ? 1 : 0;
                unresolved += !isSignificant && isLeast(unit.unit(), settings) ? 1 : 0;
            }
        }
        boolean drawn = detectors.length > 0;
        int[] labels = Arrays.stream(unique).mapToInt(BitSet::cardinality).toArray();
        return new LayerBaseline(
                settings,
                new LayerBaseline.Sample(images, ownDetectors, ownUnique.cardinality(), unpaired),
                detectors.length,
                drawn ? LayerBaseline.Expected.of(sorted(detectors)) : null,
                drawn ? LayerBaseline.Expected.of(sorted(labels)) : null,
                significant,
                unresolved,
                rated);
    }

    /** Units that beat all draws and may be significant with more draws. */
    List<UnitDraws> unresolved(LayerScores scores, BaselineSettings settings) {
        List<UnitDraws> unresolved = new ArrayList<>();
        for (UnitBaseline unit : rated(scores)) {
            if (unit.q() != null && unit.q() > LayerBaseline.RATE && isLeast(unit.unit(), settings)) {
                unresolved.add(unit(unit.unit()));
            }
        }
        return unresolved;
    }

    /** Whether more draws could reduce the p of a unit; they cannot once every different draw was made. */
    private boolean isLeast(int unit, BaselineSettings settings) {
        return unit(unit).asGreat() == 0 && detectors.length == settings.permutations();
    }

    private static int[] sorted(int[] values) {
        int[] ascending = values.clone();
        Arrays.sort(ascending);
        return ascending;
    }

    private List<UnitBaseline> rated(LayerScores scores) {
        List<UnitScores> tested =
                scores.units().stream().filter(unit -> unit.category() >= 0).toList();
        double[] rates = FalseDiscovery.rates(
                tested.stream().mapToDouble(unit -> unit(unit.unit()).p()).toArray());
        List<UnitBaseline> rated = new ArrayList<>();
        int rate = 0;
        for (UnitScores unit : scores.units()) {
            boolean isTested = unit.category() >= 0;
            rated.add(told(unit.unit(), isTested, isTested ? rates[rate++] : null));
        }
        return rated;
    }

    private UnitBaseline told(int unit, boolean isTested, @Nullable Double rate) {
        UnitDraws drawn = unit(unit);
        ResampledScores.Interval interval = intervals[unit];
        boolean hasDraws = detectors.length > 0;
        return new UnitBaseline(
                unit,
                interval == null ? null : interval.lower(),
                interval == null ? null : interval.upper(),
                isTested ? drawn.p() : null,
                rate,
                hasDraws ? drawn.mean() : null,
                hasDraws ? drawn.chance95() : null);
    }
}
