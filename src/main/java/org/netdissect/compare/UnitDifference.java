package org.netdissect.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.ConceptScore;
import org.netdissect.align.CountingRule;
import org.netdissect.align.UnitScores;
import org.netdissect.result.StoredTable;
import org.netdissect.run.ComparedLayer;

/**
 * One unit in two runs.
 *
 * @param unit channel + 1, as in the tables
 * @param a the unit in the first run
 * @param b the unit in the second run
 * @param terms the concepts of all categories that both tables have
 */
record UnitDifference(String layer, int unit, Side a, Side b, List<Terms> terms) {

    /**
     * A unit in one run.
     *
     * @param score IoU of the unit's label
     * @param detector whether it passes that run's IoU threshold, by the rule top-label
     * @param threshold T_k, NaN where the table has none
     */
    record Side(String category, String label, double score, boolean detector, float threshold) {}

    /** The counts of one category's best concept in both runs. */
    record Terms(String category, String labelA, String labelB, ConceptScore a, ConceptScore b) {
        boolean sameLabel() {
            return labelA.equals(labelB);
        }

        boolean moved() {
            return !sameLabel()
                    || a.truth() != b.truth()
                    || a.activation() != b.activation()
                    || a.intersect() != b.intersect()
                    || a.iou() != b.iou();
        }
    }

    /** The units that both tables have, in the order of the first. */
    static List<UnitDifference> between(ComparedLayer a, double iouA, ComparedLayer b, double iouB) {
        Map<Integer, UnitScores> others = new HashMap<>();
        b.table().scores().units().forEach(unit -> others.put(unit.unit(), unit));
        List<UnitDifference> differences = new ArrayList<>();
        for (UnitScores unit : a.table().scores().units()) {
            @Nullable UnitScores other = others.get(unit.unit());
            if (other != null) {
                differences.add(new UnitDifference(
                        LayerDifference.name(a.name(), b.name()),
                        unit.unit() + 1,
                        side(a.table(), unit, iouA),
                        side(b.table(), other, iouB),
                        terms(a.table(), unit, b.table(), other)));
            }
        }
        return differences;
    }

    private static Side side(StoredTable table, UnitScores unit, double iou) {
        return new Side(
                table.category(unit),
                table.label(unit.best()),
                unit.best().iou(),
                unit.category() >= 0 && CountingRule.TOP_LABEL.counts(unit, unit.category(), iou),
                unit.threshold());
    }

    private static List<Terms> terms(StoredTable tableA, UnitScores a, StoredTable tableB, UnitScores b) {
        List<Terms> terms = new ArrayList<>();
        for (String category : new TreeSet<>(tableA.categories())) {
            int position = tableB.categories().indexOf(category);
            if (position >= 0) {
                ConceptScore first = a.categories().get(tableA.categories().indexOf(category));
                ConceptScore second = b.categories().get(position);
                terms.add(new Terms(category, tableA.label(first), tableB.label(second), first, second));
            }
        }
        return terms;
    }

    /** Difference of the scores, second run - first. */
    double change() {
        return b.score - a.score;
    }

    /** Whether the unit has another label; no label in either run is no difference. */
    boolean relabelled() {
        return !a.label.equals(b.label) || !a.category.equals(b.category);
    }

    /** Whether any count or the threshold differs. */
    boolean moved() {
        return relabelled()
                || a.detector != b.detector
                || thresholdMoved()
                || terms.stream().anyMatch(Terms::moved);
    }

    /** Whether both thresholds are known and differ. */
    boolean thresholdMoved() {
        return !Float.isNaN(a.threshold) && !Float.isNaN(b.threshold) && a.threshold != b.threshold;
    }

    /** The terms of the categories of the unit's label in either run. */
    List<Terms> decisive() {
        return terms.stream()
                .filter(term -> term.category.equals(a.category) || term.category.equals(b.category))
                .toList();
    }
}
