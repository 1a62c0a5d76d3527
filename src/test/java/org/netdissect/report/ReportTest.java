package org.netdissect.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.align.ConceptScore;
import org.netdissect.align.CountingRule;
import org.netdissect.align.LayerScores;
import org.netdissect.align.UnitScores;
import org.netdissect.base.GridSize;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;
import org.netdissect.result.DetectorTable;
import org.netdissect.result.LayerReport;
import org.netdissect.result.LayerSummary;
import org.netdissect.table.TextTable;

/** Hand-made tables of three units. */
class ReportTest {
    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private LayerReport report;

    private static ProbeSet probe(Path folder) throws IOException {
        return TinyProbe.in(folder)
                .category("object")
                .category("scene")
                .label(1, "\"cat, big\"", "object", 1)
                .label(2, "street-s", "scene", 1)
                .image("a.png", "train", new GridSize(2, 2), 0, new GridSize(2, 2))
                .cell("scene", "2")
                .open();
    }

    @BeforeEach
    void makeReport() throws IOException {
        ProbeSet probe = probe(folder);
        ConceptScore cat = new ConceptScore(1, 10, 8, 4, 4 / 14.0);
        ConceptScore street = new ConceptScore(2, 100, 8, 8, 0.08);
        LayerScores scores = new LayerScores(List.of(
                new UnitScores(4, 0.1f, List.of(cat, ConceptScore.NONE), 0),
                new UnitScores(0, 1.5f, List.of(ConceptScore.NONE, street), 1),
                new UnitScores(2, 0f, List.of(ConceptScore.NONE, ConceptScore.NONE), -1)));
        report = new LayerReport("conv5", new GridSize(7, 7), scores, probe.categories(), probe.labels(), 0.04);
    }

    @Test
    void csvHasThePublishedColumnsThenChannelAndThreshold() {
        assertEquals("""
                unit,category,label,score,object-label,object-truth,object-activation,object-intersect,object-iou,\
                scene-label,scene-truth,scene-activation,scene-intersect,scene-iou,channel,threshold
                5,object,"cat, big",0.2857142857142857,"cat, big",10,8,4,0.2857142857142857,,0,0,0,0.0,4,0.10000000149011612
                1,scene,street-s,0.08,,0,0,0,0.0,street-s,100,8,8,0.08,0,1.5
                3,,,0.0,,0,0,0,0.0,,0,0,0,0.0,2,0.0
                """, DetectorTable.csv(report));
    }

    @Test
    void textShowsNamesWithoutSuffixAndLeavesOutUnitsWithoutLabel() {
        assertEquals("""
                label     category  unit    IoU  precision  recall
                cat, big  object       5  0.286      0.500   0.400
                street    scene        1  0.080      1.000   0.080
                """, Overview.bestUnits(report, 10));
        assertEquals("""
                layer  units  detectors  unique  object  scene
                conv5      3          2       2       1      1
                """, Overview.layers(List.of(report), CountingRule.TOP_LABEL, 10));
    }

    @Test
    void summaryHasTheThreeRules() {
        LayerSummary summary = LayerSummary.of(
                report,
                1,
                LayerSummary.ThresholdSource.of("0.005", 0),
                new LayerSummary.Resizing("half-pixel", "", null),
                CountingRule.TOP_LABEL);
        assertEquals(
                List.of("top-label", "per-category", "html"),
                List.copyOf(summary.counts().keySet()));
        assertEquals(
                List.of(
                        new LayerSummary.DetectedConcept("cat, big", "object", 1, 4 / 14.0),
                        new LayerSummary.DetectedConcept("street-s", "scene", 1, 0.08)),
                summary.concepts());
    }

    @Test
    void controlCharactersDoNotReachATerminal() {
        TextTable table = new TextTable(1, List.of("name"));
        table.add(List.of("a\u001b[31mb\u202ec\nd"));
        assertFalse(table.toString().contains("\u001b") || table.toString().contains("\u202e"));
        assertEquals("name\na?[31mb?c?d\n", table.toString());
    }
}
