package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.GridSize;
import org.netdissect.broden.TinyProbe;
import org.netdissect.labels.LabelTable;

class LayerScoresTest {
    @TempDir
    Path folder;

    private LabelTable labels() throws IOException {
        return TinyProbe.in(folder)
                .category("object")
                .category("scene")
                .label(1, "cat", "object", 1)
                .label(2, "dog", "object", 1)
                .label(3, "street-s", "scene", 1)
                .image("a.png", "train", new GridSize(2, 2), 0, new GridSize(2, 2))
                .cell("scene", "3")
                .open()
                .labels();
    }

    private static AlignmentCounts counts(int units) {
        AlignmentCounts counts = new AlignmentCounts(units, 4, 2);
        for (int label = 1; label <= 3; label++) {
            counts.addTruth(label, 100);
        }
        return counts;
    }

    @Test
    void equalScoresGoToTheLowestNumberAndTheLaterCategory() throws IOException {
        AlignmentCounts counts = counts(1);
        counts.addActivation(0, 0, 50);
        counts.addActivation(0, 1, 50);
        for (int label = 1; label <= 3; label++) {
            counts.addIntersect(0, label, 10);
        }
        UnitScores unit = LayerScores.of(counts, labels(), new Thresholds(new float[] {1.5f}))
                .units()
                .get(0);
        assertEquals(1, unit.categories().get(0).label());
        assertEquals(1, unit.category(), "scene stands later than object");
        assertEquals(new ConceptScore(3, 100, 50, 10, 10 / 140.0), unit.best());
        assertEquals(1.5f, unit.threshold());
    }

    @Test
    void aUnitThatMeetsNothingHasNoLabel() throws IOException {
        AlignmentCounts counts = counts(1);
        counts.addActivation(0, 0, 50);
        UnitScores unit = LayerScores.of(counts, labels(), new Thresholds(new float[1]))
                .units()
                .get(0);
        assertEquals(-1, unit.category());
        assertEquals(ConceptScore.NONE, unit.best());
        assertEquals(List.of(ConceptScore.NONE, ConceptScore.NONE), unit.categories());
    }

    @Test
    void unitsStandByFallingScoreThenNumber() throws IOException {
        AlignmentCounts counts = counts(4);
        for (int unit = 0; unit < 4; unit++) {
            counts.addActivation(unit, 0, 20);
            counts.addIntersect(unit, 2, unit == 3 ? 20 : unit == 1 ? 0 : 10);
        }
        List<Integer> order = LayerScores.of(counts, labels(), new Thresholds(new float[4])).units().stream()
                .map(UnitScores::unit)
                .toList();
        assertEquals(List.of(3, 0, 2, 1), order);
    }

    @Test
    void threeRulesCountDifferently() throws IOException {
        AlignmentCounts counts = counts(3);
        // unit 0: cat 0.2 and street 0.1; unit 1: dog at exactly 0.1; unit 2: nothing
        counts.addActivation(0, 0, 20);
        counts.addIntersect(0, 1, 20);
        counts.addActivation(0, 1, 10);
        counts.addIntersect(0, 3, 10);
        counts.addActivation(1, 0, 10);
        counts.addIntersect(1, 2, 10);
        LayerScores scores = LayerScores.of(counts, labels(), new Thresholds(new float[3]));

        CountingRule.Counts top = CountingRule.TOP_LABEL.count(scores, 2, 0.1);
        assertEquals(List.of(1, 1), List.of(top.detectors(), top.unique()));
        assertEquals(new CountingRule.CategoryCounts(0, 0), top.categories().get(1));

        CountingRule.Counts perCategory = CountingRule.PER_CATEGORY.count(scores, 2, 0.09);
        assertEquals(List.of(2, 3), List.of(perCategory.detectors(), perCategory.unique()));
        assertEquals(
                new CountingRule.CategoryCounts(2, 2), perCategory.categories().get(0));
        assertEquals(
                new CountingRule.CategoryCounts(1, 1), perCategory.categories().get(1));

        CountingRule.Counts html = CountingRule.HTML.count(scores, 2, 0.1);
        assertEquals(List.of(2, 2), List.of(html.detectors(), html.unique()));
    }

    @Test
    void nothingIsDetectedWithoutPixels() {
        ConceptScore score = ConceptScore.of(1, 0, 0, 0);
        assertEquals(0, score.iou());
    }
}
