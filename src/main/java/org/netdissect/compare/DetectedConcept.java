package org.netdissect.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.align.CountingRule;
import org.netdissect.align.UnitScores;
import org.netdissect.result.StoredTable;
import org.netdissect.run.ComparedLayer;

/** A concept that units detect: a label within a category. */
record DetectedConcept(String category, String label) {

    /** The detectors of a concept. */
    record Detectors(int units, double bestIou) {
        static final Detectors NONE = new Detectors(0, 0);

        Detectors and(Detectors other) {
            return new Detectors(units + other.units, Math.max(bestIou, other.bestIou));
        }
    }

    /** The concepts that these layers detect together. */
    static Map<DetectedConcept, Detectors> in(List<ComparedLayer> layers, double iou, CountingRule rule) {
        Map<DetectedConcept, Detectors> concepts = new LinkedHashMap<>();
        for (ComparedLayer layer : layers) {
            StoredTable table = layer.table();
            for (UnitScores unit : table.scores().units()) {
                for (int i = 0; i < table.categories().size(); i++) {
                    if (rule.counts(unit, i, iou)) {
                        DetectedConcept concept = new DetectedConcept(
                                table.categories().get(i),
                                table.label(unit.categories().get(i)));
                        concepts.merge(
                                concept,
                                new Detectors(1, unit.categories().get(i).iou()),
                                Detectors::and);
                    }
                }
            }
        }
        return concepts;
    }
}
