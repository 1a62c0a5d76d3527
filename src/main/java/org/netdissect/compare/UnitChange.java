package org.netdissect.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.netdissect.align.CountingRule;
import org.netdissect.align.UnitScores;
import org.netdissect.base.Spelling;
import org.netdissect.result.StoredTable;
import org.netdissect.run.ComparedLayer;

/**
 * A unit of two networks with equal layers, with its concept in each by the rule top-label.
 *
 * @param unit channel + 1, as in the tables
 * @param change change of its concept
 * @param from its concept in the first run, with an empty label for no detector
 * @param to its concept in the second run
 */
record UnitChange(String layer, int unit, Change change, Detected from, Detected to) {
    private static final Comparator<UnitChange> ORDER = Comparator.comparing(UnitChange::change)
            .thenComparing(change -> -Math.min(change.from.iou, change.to.iou))
            .thenComparing(change -> -Math.max(change.from.iou, change.to.iou))
            .thenComparingInt(UnitChange::unit);

    /** Change of a unit's concept. */
    enum Change {
        /** A detector in both, of another concept. */
        CHANGED,
        /** A detector in the second run only. */
        GAINED,
        /** A detector in the first run only. */
        LOST,
        /** A detector of the same concept in both. */
        KEPT,
        /** No detector in either. */
        NONE;

        @Override
        public String toString() {
            return Spelling.of(this);
        }
    }

    /**
     * A unit's label and score.
     *
     * @param iou the score, also where it is too small for a detector
     */
    record Detected(String category, String label, double iou) {}

    /** Whether two layers have the same units. */
    static boolean sameUnits(ComparedLayer a, ComparedLayer b) {
        return byUnit(a.table()).keySet().equals(byUnit(b.table()).keySet());
    }

    /** All units of a layer that both runs have, changed ones first. */
    static List<UnitChange> between(ComparedLayer from, double fromIou, ComparedLayer to, double toIou) {
        Map<Integer, UnitScores> after = byUnit(to.table());
        List<UnitChange> changes = new ArrayList<>();
        for (UnitScores unit : from.table().scores().units()) {
            UnitScores other = Objects.requireNonNull(after.get(unit.unit()), "units were compared before");
            Detected a = detected(from.table(), unit, fromIou);
            Detected b = detected(to.table(), other, toIou);
            changes.add(new UnitChange(from.name(), unit.unit() + 1, changeBetween(a, b), a, b));
        }
        changes.sort(ORDER);
        return changes;
    }

    private static Map<Integer, UnitScores> byUnit(StoredTable table) {
        Map<Integer, UnitScores> units = new HashMap<>();
        table.scores().units().forEach(unit -> units.put(unit.unit(), unit));
        return units;
    }

    private static Detected detected(StoredTable table, UnitScores unit, double iou) {
        boolean detects = unit.category() >= 0 && CountingRule.TOP_LABEL.counts(unit, unit.category(), iou);
        return new Detected(
                detects ? table.category(unit) : "",
                detects ? table.label(unit.best()) : "",
                unit.best().iou());
    }

    private static Change changeBetween(Detected a, Detected b) {
        if (a.label().isEmpty() || b.label().isEmpty()) {
            return a.label().isEmpty() ? (b.label().isEmpty() ? Change.NONE : Change.GAINED) : Change.LOST;
        }
        boolean same = a.label().equals(b.label()) && a.category().equals(b.category());
        return same ? Change.KEPT : Change.CHANGED;
    }
}
