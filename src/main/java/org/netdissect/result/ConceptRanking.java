package org.netdissect.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.netdissect.align.AlignmentCounts;
import org.netdissect.align.ConceptScore;
import org.netdissect.labels.LabelTable;

/** The concepts that fit a unit best: its label and the runners-up. */
final class ConceptRanking {
    private ConceptRanking() {}

    /**
     * Ranks up to {@code most} concepts with an IoU above 0, greatest first; ties go to the later category, then to the
     * lower number, as for labels. The first is the unit's label.
     */
    static List<ConceptScore> of(AlignmentCounts counts, LabelTable labels, int unit, int most) {
        List<ConceptScore> ranking = new ArrayList<>();
        for (int label = 1; label < counts.labels(); label++) {
            long intersect = counts.intersect(unit, label);
            if (intersect > 0) {
                int category = labels.primaryCategory(label);
                ranking.add(ConceptScore.of(label, counts.truth(label), counts.activation(unit, category), intersect));
            }
        }
        ranking.sort(Comparator.comparingDouble((ConceptScore score) -> -score.iou())
                .thenComparingInt(score -> -labels.primaryCategory(score.label()))
                .thenComparingInt(ConceptScore::label));
        return List.copyOf(ranking.subList(0, Math.min(most, ranking.size())));
    }
}
