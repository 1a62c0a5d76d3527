package org.netdissect.align;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.netdissect.activation.Thresholds;
import org.netdissect.labels.LabelTable;

/**
 * The units of a layer with their concepts, highest score first, ties by unit.
 *
 * @param units every unit of the layer
 */
public record LayerScores(List<UnitScores> units) {

    /** Copies the list. */
    public LayerScores {
        units = List.copyOf(units);
    }

    /**
     * Scores the units: a unit's concept in a category is the label with the greatest IoU, ties to the lowest number,
     * among the labels of this primary category.
     */
    public static LayerScores of(AlignmentCounts counts, LabelTable labels, Thresholds thresholds) {
        return of(counts, labels, thresholds, LabelZero.IGNORED);
    }

    /**
     * Scores the units with counts that may include the number 0. It can be the best concept of the last category but
     * is never a unit's label.
     */
    public static LayerScores of(AlignmentCounts counts, LabelTable labels, Thresholds thresholds, LabelZero zero) {
        List<UnitScores> units = new ArrayList<>();
        for (int unit = 0; unit < counts.units(); unit++) {
            units.add(score(counts, labels, unit, thresholds.of(unit), zero));
        }
        units.sort(
                Comparator.comparingDouble((UnitScores scores) -> -scores.best().iou())
                        .thenComparingInt(UnitScores::unit));
        return new LayerScores(units);
    }

    private static UnitScores score(
            AlignmentCounts counts, LabelTable labels, int unit, float threshold, LabelZero zero) {
        ConceptScore[] best = new ConceptScore[counts.categories()];
        java.util.Arrays.fill(best, ConceptScore.NONE);
        int last = best.length - 1;
        if (zero != LabelZero.IGNORED && counts.intersect(unit, 0) > 0) {
            long activation = zero == LabelZero.LABEL ? counts.activation(unit, last) : 0;
            best[last] = ConceptScore.of(0, counts.truth(0), activation, counts.intersect(unit, 0));
        }
        for (int label = 1; label < counts.labels(); label++) {
            long intersect = counts.intersect(unit, label);
            if (intersect > 0) {
                int category = labels.primaryCategory(label);
                ConceptScore score =
                        ConceptScore.of(label, counts.truth(label), counts.activation(unit, category), intersect);
                if (score.iou() > best[category].iou()) {
                    best[category] = score;
                }
            }
        }
        int category = -1;
        for (int i = 0; i < best.length; i++) {
            if (best[i].label() != 0 && best[i].iou() > 0 && (category < 0 || best[i].iou() >= best[category].iou())) {
                category = i;
            }
        }
        return new UnitScores(unit, threshold, List.of(best), category);
    }
}
