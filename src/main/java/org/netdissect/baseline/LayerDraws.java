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
    /** whether each unit's draws are kept, for {@link BaselineCodec} */
    private final boolean keepsDraws;
    /** [draws] */
    private final int[] detectors;
    /** [draws] labels of the detectors */
    private final BitSet[] unique;

    private int observedDetectors;
    private final BitSet observedUnique = new BitSet();
    private final @Nullable UnitDraws[] units;
    private final ResampledScores.@Nullable Interval[] intervals;

    /**
     * An empty collection.
     *
     * @param units number of units
     * @param images number of images in the sample
     * @param unpaired number of images that keep their labels, since no other image keepsDraws the same categories
     */
    LayerDraws(int units, double iouThreshold, int draws, int images, int unpaired, boolean keepsDraws) {
        this.iouThreshold = iouThreshold;
        this.images = images;
        this.unpaired = unpaired;
        this.keepsDraws = keepsDraws;
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
            if (unit.observed() > iouThreshold) {
                observedDetectors++;
                observedUnique.set(unit.observedLabel());
            }
        }
        units[unit.unit()] = keepsDraws ? unit : unit.summed();
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

    boolean keepsDraws() {
        return keepsDraws;
    }

    UnitDraws unit(int unit) {
        return Objects.requireNonNull(units[unit]);
    }

    int units() {
        return units.length;
    }

    /** Compares scores with the draws of all units. */
    public LayerBaseline baseline(LayerScores scores, BaselineSettings settings) {
        List<UnitBaseline> rated = unitBaselines(scores);
        int significant = 0;
        int unresolved = 0;
        for (int i = 0; i < rated.size(); i++) {
            UnitBaseline unit = rated.get(i);
            if (unit.q() != null && scores.units().get(i).best().iou() > iouThreshold) {
                boolean isSignificant = unit.q() <= LayerBaseline.RATE;
                significant += isSignificant ? 1 : 0;
                unresolved += !isSignificant && canImprove(unit.unit(), settings) ? 1 : 0;
            }
        }
        boolean drawn = detectors.length > 0;
        int[] labels = Arrays.stream(unique).mapToInt(BitSet::cardinality).toArray();
        return new LayerBaseline(
                settings,
                new LayerBaseline.Sample(images, observedDetectors, observedUnique.cardinality(), unpaired),
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
        for (UnitBaseline unit : unitBaselines(scores)) {
            if (unit.q() != null && unit.q() > LayerBaseline.RATE && canImprove(unit.unit(), settings)) {
                unresolved.add(unit(unit.unit()));
            }
        }
        return unresolved;
    }

    /** Whether more draws could reduce a unit's p: no draw reached its score, and further different draws exist. */
    private boolean canImprove(int unit, BaselineSettings settings) {
        return unit(unit).asGreat() == 0 && detectors.length == settings.permutations();
    }

    private static int[] sorted(int[] values) {
        int[] ascending = values.clone();
        Arrays.sort(ascending);
        return ascending;
    }

    private List<UnitBaseline> unitBaselines(LayerScores scores) {
        List<UnitScores> tested =
                scores.units().stream().filter(unit -> unit.category() >= 0).toList();
        double[] rates = FalseDiscovery.rates(
                tested.stream().mapToDouble(unit -> unit(unit.unit()).p()).toArray());
        List<UnitBaseline> rated = new ArrayList<>();
        int rate = 0;
        for (UnitScores unit : scores.units()) {
            boolean isTested = unit.category() >= 0;
            rated.add(unitBaseline(unit.unit(), isTested, isTested ? rates[rate++] : null));
        }
        return rated;
    }

    private UnitBaseline unitBaseline(int unit, boolean isTested, @Nullable Double rate) {
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
