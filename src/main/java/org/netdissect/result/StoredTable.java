package org.netdissect.result;

import java.util.List;
import java.util.Set;
import org.netdissect.align.ConceptScore;
import org.netdissect.align.CountingRule;
import org.netdissect.align.LayerScores;
import org.netdissect.align.UnitScores;
import org.netdissect.base.Tail;

/**
 * A detector table read from a file. Numbers of labels differ between tables; names can be compared.
 *
 * @param file as messages name it
 * @param categories in the order of their columns
 * @param labels [number] = name; number 0 is no label, with an empty name
 * @param scores the units with their concepts; thresholds are NaN if the file has none
 * @param disagreements number of IoUs that are not intersect / (truth + activation - intersect)
 * @param firstDisagreement the first of them with its row, or empty
 * @param tail the tail of the activations that the masks are made of
 * @param tied units of the lower tail that had no masks, 0-based
 */
public record StoredTable(
        String file,
        List<String> categories,
        List<String> labels,
        LayerScores scores,
        int disagreements,
        String firstDisagreement,
        Tail tail,
        Set<Integer> tied) {

    public StoredTable {
        categories = List.copyOf(categories);
        labels = List.copyOf(labels);
        tied = Set.copyOf(tied);
    }

    /** Detectors and unique detectors by one rule; categories by position. */
    public CountingRule.Counts counts(CountingRule rule, double iouThreshold) {
        return rule.count(scores, categories.size(), iouThreshold);
    }

    /** The concept's name, empty for no label. */
    public String label(ConceptScore score) {
        return labels.get(score.label());
    }

    /** The category of the unit's label, empty for a unit without one. */
    public String category(UnitScores unit) {
        return unit.category() < 0 ? "" : categories.get(unit.category());
    }
}
