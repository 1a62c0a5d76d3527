package org.netdissect.compare;

import java.util.List;
import java.util.function.Predicate;
import org.netdissect.run.ComparedLayer;

/**
 * Differences of a layer between two runs, as numbers of units.
 *
 * @param layer common name of the two layers, or both names
 * @param units in both runs
 * @param unpaired in one run only
 * @param relabelled with another label
 * @param passOnlyA a detector in the first run only, each run with its own IoU threshold
 * @param passOnlyB a detector in the second run only
 * @param threshold whose thresholds differ, if both tables have them
 * @param truth with a concept of both runs whose truth differs
 * @param activation with a concept of both runs whose activation differs
 * @param intersect with a concept of both runs whose intersect differs
 * @param greatestChange greatest absolute change of a score
 */
public record LayerDifference(
        String layer,
        int units,
        int unpaired,
        int relabelled,
        int passOnlyA,
        int passOnlyB,
        int threshold,
        int truth,
        int activation,
        int intersect,
        double greatestChange) {

    static LayerDifference of(ComparedLayer a, ComparedLayer b, List<UnitDifference> units) {
        int unitsA = a.table().scores().units().size();
        int unitsB = b.table().scores().units().size();
        return new LayerDifference(
                name(a.name(), b.name()),
                units.size(),
                unitsA + unitsB - 2 * units.size(),
                count(units, UnitDifference::relabelled),
                count(units, unit -> unit.a().detector() && !unit.b().detector()),
                count(units, unit -> unit.b().detector() && !unit.a().detector()),
                count(units, UnitDifference::thresholdMoved),
                terms(units, terms -> terms.a().truth() != terms.b().truth()),
                terms(units, terms -> terms.a().activation() != terms.b().activation()),
                terms(units, terms -> terms.a().intersect() != terms.b().intersect()),
                units.stream()
                        .mapToDouble(unit -> Math.abs(unit.change()))
                        .max()
                        .orElse(0));
    }

    /** The common name of two paired layers, or both names. */
    static String name(String a, String b) {
        if (a.isEmpty() || b.isEmpty() || a.equals(b)) {
            return a.isEmpty() ? b : a;
        }
        return a + " / " + b;
    }

    private static int count(List<UnitDifference> units, Predicate<UnitDifference> condition) {
        return (int) units.stream().filter(condition).count();
    }

    private static int terms(List<UnitDifference> units, Predicate<UnitDifference.Terms> moved) {
        return count(
                units,
                unit -> unit.terms().stream()
                        .anyMatch(terms -> terms.sameLabel() && !terms.labelA().isEmpty() && moved.test(terms)));
    }
}
