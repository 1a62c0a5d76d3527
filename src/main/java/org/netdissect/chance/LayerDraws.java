package org.netdissect.chance;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.UnitScores;

/** Collects the draws of a layer's units, in any order and from several threads. */
final class LayerDraws {
    private final ChanceAnalysis.Layer layer;
    private final double iouThreshold;
    /** [draws] */
    private final int[] detectors;
    /** [draws] labels of detectors */
    private final BitSet[] unique;
    /** [units] q is missing yet */
    private final @Nullable UnitChance[] found;

    LayerDraws(ChanceAnalysis.Layer layer, double iouThreshold, int draws) {
        this.layer = layer;
        this.iouThreshold = iouThreshold;
        this.detectors = new int[draws];
        this.unique = new BitSet[draws];
        this.found = new @Nullable UnitChance[layer.counts().units()];
        Arrays.setAll(unique, draw -> new BitSet());
    }

    /** Adds a unit: its greatest IoU in every draw, the label of that, and its interval or null. */
    void add(UnitScores unit, double[] best, int[] label, ResampledScores.@Nullable Interval interval) {
        synchronized (detectors) {
            for (int draw = 0; draw < best.length; draw++) {
                if (best[draw] > iouThreshold) {
                    detectors[draw]++;
                    unique[draw].set(label[draw]);
                }
            }
        }
        boolean drawn = best.length > 0;
        double score = unit.best().iou();
        int asGreat = 1;
        for (double iou : best) {
            asGreat += iou >= score ? 1 : 0;
        }
        double[] ascending = best.clone();
        Arrays.sort(ascending);
        found[unit.unit()] = new UnitChance(
                unit.unit(),
                interval == null ? null : interval.lower(),
                interval == null ? null : interval.upper(),
                unit.category() < 0 ? null : (double) asGreat / (best.length + 1),
                null,
                drawn ? Arrays.stream(best).sum() / best.length : null,
                drawn ? Quantiles.of(ascending, 950) : null);
    }

    /** When all units are in. */
    LayerChance end(ChanceSettings settings, int unpaired) {
        List<UnitChance> units = layer.scores().units().stream()
                .map(unit -> Objects.requireNonNull(found[unit.unit()]))
                .toList();
        List<UnitChance> rated = rated(units);
        boolean drawn = detectors.length > 0;
        double leastP = 1.0 / (detectors.length + 1);
        int significant = 0;
        int unresolved = 0;
        for (int i = 0; i < rated.size(); i++) {
            UnitChance unit = rated.get(i);
            if (unit.q() != null && layer.scores().units().get(i).best().iou() > iouThreshold) {
                boolean isSignificant = unit.q() <= LayerChance.RATE;
                significant += isSignificant ? 1 : 0;
                unresolved += !isSignificant && Objects.equals(unit.p(), leastP) ? 1 : 0;
            }
        }
        int[] labels = Arrays.stream(unique).mapToInt(BitSet::cardinality).toArray();
        return new LayerChance(
                settings,
                detectors.length,
                unpaired,
                drawn ? LayerChance.Expected.of(sorted(detectors)) : null,
                drawn ? LayerChance.Expected.of(sorted(labels)) : null,
                significant,
                detectors.length == settings.permutations() ? unresolved : 0,
                rated);
    }

    private static int[] sorted(int[] values) {
        int[] ascending = values.clone();
        Arrays.sort(ascending);
        return ascending;
    }

    private static List<UnitChance> rated(List<UnitChance> units) {
        List<UnitChance> tested =
                units.stream().filter(unit -> unit.p() != null).toList();
        double[] rates = FalseDiscovery.rates(tested.stream()
                .mapToDouble(unit -> Objects.requireNonNull(unit.p()))
                .toArray());
        Iterator<Double> rate = Arrays.stream(rates).iterator();
        return units.stream()
                .map(unit -> unit.p() == null ? unit : unit.withRate(rate.next()))
                .toList();
    }
}
