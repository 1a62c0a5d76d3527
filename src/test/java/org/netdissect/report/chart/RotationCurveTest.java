package org.netdissect.report.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.align.CountingRule;
import org.netdissect.result.LayerSummary;
import org.netdissect.result.RotationPoint;

class RotationCurveTest {
    private static final List<String> CATEGORIES = List.of("object", "part", "scene");

    private static RotationPoint point(String alpha, int trial, int objects, int parts) {
        Map<String, LayerSummary.CategoryCounts> categories = new LinkedHashMap<>();
        categories.put("object", new LayerSummary.CategoryCounts(2 * objects, objects));
        categories.put("part", new LayerSummary.CategoryCounts(parts, parts));
        categories.put("scene", new LayerSummary.CategoryCounts(0, 0));
        LayerSummary.RuleCounts counts = new LayerSummary.RuleCounts(2 * objects + parts, objects + parts, categories);
        return new RotationPoint("a<b", new BigDecimal(alpha), trial, 4L + trial, Map.of("html", counts));
    }

    private static RotationCurve curve() {
        return new RotationCurve(
                CATEGORIES,
                CountingRule.HTML,
                List.of(point("0", 1, 9, 3), point("0", 2, 9, 3), point("1", 1, 4, 1), point("1", 2, 5, 2)));
    }

    @Test
    void oneRowForEachTrialAndMeansToPrint() {
        assertEquals("""
                layer,alpha,trial,seed,rule,detectors,unique,unique-object,unique-part,unique-scene
                a<b,0,1,5,html,21,12,9,3,0
                a<b,0,2,6,html,21,12,9,3,0
                a<b,1,1,5,html,9,5,4,1,0
                a<b,1,2,6,html,12,7,5,2,0
                """, curve().csv());
        assertEquals("""
                layer  alpha  detectors  unique  least  most  object  part  scene
                a<b        0       21.0    12.0     12    12     9.0   3.0    0.0
                a<b        1       10.5     6.0      5     7     4.5   1.5    0.0
                """, curve().text());
    }

    /** Each alpha has circles of two trials, for all categories, objects and parts, and none for scenes. */
    @Test
    void linesGoThroughMeansAndDotsAreTrials(@TempDir Path folder) throws Exception {
        assumeTrue(
                ChartFiles.obstacle().isEmpty(),
                () -> "skipped: " + ChartFiles.obstacle().orElseThrow());
        List<RotationPoint> points = new ArrayList<>(curve().points());
        String svg = RotationLines.chart("rotation", "a<b", CATEGORIES, CountingRule.HTML, points)
                .svg();
        assertTrue(svg.contains("unique detectors of a&lt;b by the rule html"), svg);
        assertTrue(svg.contains(">all<") && svg.contains(">object<") && svg.contains(">part<"), svg);
        assertFalse(svg.contains(">scene<") || svg.contains("by trial<"), svg);
        curve().write(folder);
        try (var files = Files.walk(folder)) {
            assertEquals(3, files.filter(Files::isRegularFile).count(), "a table, an SVG and a PNG");
        }
        RotationCurve.clear(folder);
        assertEquals(0, folder.toFile().list().length);
    }
}
