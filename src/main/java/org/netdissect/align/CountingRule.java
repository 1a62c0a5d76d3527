package org.netdissect.align;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.netdissect.base.Spelling;

/** Rules for counting detectors, as used in print and on the web. */
public enum CountingRule {
    /** A unit counts once, for its label, where score > IoU threshold (text of Bau et al. 2017, section 2.3). */
    TOP_LABEL,
    /** A unit may count once in each category whose best label passes (the released figures). */
    PER_CATEGORY,
    /** As top-label, with score >= IoU threshold (the HTML report of the released code). */
    HTML;

    /**
     * Counts of one layer.
     *
     * @param detectors units that count
     * @param unique distinct labels among them
     * @param categories counts within each category, by position
     */
    public record Counts(int detectors, int unique, List<CategoryCounts> categories) {}

    /** Detectors and distinct labels of one category. */
    public record CategoryCounts(int detectors, int unique) {}

    /** Counts the detectors of a layer. */
    public Counts count(LayerScores scores, int categoryCount, double iouThreshold) {
        int[] detectors = new int[categoryCount];
        List<Set<Integer>> labels = new ArrayList<>();
        for (int i = 0; i < categoryCount; i++) {
            labels.add(new HashSet<>());
        }
        int all = 0;
        for (UnitScores unit : scores.units()) {
            boolean counted = false;
            for (int category = 0; category < categoryCount; category++) {
                if (counts(unit, category, iouThreshold)) {
                    detectors[category]++;
                    labels.get(category).add(unit.categories().get(category).label());
                    counted = true;
                }
            }
            all += counted ? 1 : 0;
        }
        List<CategoryCounts> categories = new ArrayList<>();
        int unique = 0;
        for (int category = 0; category < categoryCount; category++) {
            categories.add(
                    new CategoryCounts(detectors[category], labels.get(category).size()));
            unique += labels.get(category).size();
        }
        return new Counts(all, unique, List.copyOf(categories));
    }

    /** Whether a unit is a detector of its best concept in a category, by position. */
    public boolean counts(UnitScores unit, int category, double iouThreshold) {
        ConceptScore score = unit.categories().get(category);
        boolean candidate = this == PER_CATEGORY || category == unit.category();
        return candidate && score.label() != 0 && passes(score.iou(), iouThreshold);
    }

    private boolean passes(double iou, double threshold) {
        return this == HTML ? iou >= threshold : iou > threshold;
    }

    /** The name in files, such as {@code top-label}. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
