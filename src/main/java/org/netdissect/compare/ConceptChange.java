package org.netdissect.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.netdissect.align.CountingRule;
import org.netdissect.base.Spelling;
import org.netdissect.run.ComparedLayer;
import org.netdissect.run.ComparedRun;

/**
 * A concept that at least one of two runs detects.
 *
 * @param from name of the first run
 * @param to name of the second run
 * @param layer the layer of both, or {@code *} for all layers together
 * @param change whether the second run detects it, the first, or both
 * @param fromUnits detectors in the first run
 * @param toUnits detectors in the second run
 * @param fromIou greatest IoU among them, 0 where there are none
 * @param toIou the same in the second run
 */
record ConceptChange(
        String from,
        String to,
        String layer,
        Change change,
        String category,
        String label,
        int fromUnits,
        int toUnits,
        double fromIou,
        double toIou) {
    /** The name of all layers of a run together. */
    static final String ALL_LAYERS = "*";

    private static final Comparator<ConceptChange> ORDER = Comparator.comparing(ConceptChange::change)
            .thenComparing(change -> -Math.max(change.fromUnits, change.toUnits))
            .thenComparing(change -> -Math.max(change.fromIou, change.toIou))
            .thenComparing(ConceptChange::label);

    /** Change of a concept from the first run to the second. */
    enum Change {
        /** Only the second run detects it. */
        GAINED,
        /** Only the first run detects it. */
        LOST,
        /** Both runs detect it. */
        KEPT;

        @Override
        public String toString() {
            return Spelling.of(this);
        }
    }

    /** Changes over all layers together, then of each common layer where there are several. */
    static List<ConceptChange> between(ComparedRun from, ComparedRun to, CountingRule rule) {
        List<ConceptChange> changes = new ArrayList<>(between(from, to, ALL_LAYERS, from.layers(), to.layers(), rule));
        if (from.layers().size() > 1 || to.layers().size() > 1) {
            for (ComparedLayer layer : from.layers()) {
                to.layer(layer.name())
                        .ifPresent(other ->
                                changes.addAll(between(from, to, layer.name(), List.of(layer), List.of(other), rule)));
            }
        }
        return changes;
    }

    private static List<ConceptChange> between(
            ComparedRun from,
            ComparedRun to,
            String layer,
            List<ComparedLayer> fromLayers,
            List<ComparedLayer> toLayers,
            CountingRule rule) {
        Map<DetectedConcept, DetectedConcept.Detectors> before = DetectedConcept.in(fromLayers, from.iou(), rule);
        Map<DetectedConcept, DetectedConcept.Detectors> after = DetectedConcept.in(toLayers, to.iou(), rule);
        Set<DetectedConcept> all = new LinkedHashSet<>(before.keySet());
        all.addAll(after.keySet());
        List<ConceptChange> changes = new ArrayList<>();
        for (DetectedConcept concept : all) {
            DetectedConcept.Detectors a = before.getOrDefault(concept, DetectedConcept.Detectors.NONE);
            DetectedConcept.Detectors b = after.getOrDefault(concept, DetectedConcept.Detectors.NONE);
            Change change = a.units() == 0 ? Change.GAINED : b.units() == 0 ? Change.LOST : Change.KEPT;
            changes.add(new ConceptChange(
                    from.name(),
                    to.name(),
                    layer,
                    change,
                    concept.category(),
                    concept.label(),
                    a.units(),
                    b.units(),
                    a.bestIou(),
                    b.bestIou()));
        }
        changes.sort(ORDER);
        return changes;
    }
}
