package org.netdissect.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.netdissect.result.TinyTable.cell;
import static org.netdissect.result.TinyTable.none;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.align.CountingRule;
import org.netdissect.align.UnitScores;
import org.netdissect.base.Failures;
import org.netdissect.base.InputException;
import org.netdissect.report.chart.Chart;
import org.netdissect.report.chart.ChartFiles;
import org.netdissect.result.StoredTable;
import org.netdissect.result.TinyTable;
import org.netdissect.run.ComparedLayer;
import org.netdissect.run.ComparedRun;

/** Two hand-made runs of four units, of which one changes from dog to waterfall. */
class ComparisonTest {
    private static final Map<String, String> SETTINGS = Map.of("labels", "1", "activations.images", "1", "iou", "0.04");

    @TempDir
    Path folder;

    private StoredTable imagenet() throws IOException {
        return TinyTable.of("object", "scene")
                .unit(1, cell("dog", 100, 50, 25), none())
                .unit(2, cell("dog", 100, 60, 10), cell("street-s", 200, 30, 11))
                .unit(3, cell("cat", 80, 20, 1), none())
                .unit(4, none(), none())
                .read(folder.resolve("imagenet.csv"));
    }

    private StoredTable places() throws IOException {
        return TinyTable.of("object", "scene")
                .unit(1, cell("dog", 100, 40, 9), cell("waterfall-s", 90, 30, 25))
                .unit(2, cell("dog", 100, 60, 10), none())
                .unit(3, cell("cat", 80, 20, 20), none())
                .unit(4, none(), none())
                .read(folder.resolve("places.csv"));
    }

    private static ComparedRun run(String name, StoredTable table) {
        return new ComparedRun(name, SETTINGS, 0.04, List.of(new ComparedLayer("conv5", table)));
    }

    @Test
    void unitsThatChangedTheirConcept() throws IOException {
        ComparisonResult comparison = ComparisonResult.of(
                List.of(run("imagenet", imagenet()), run("places", places())), CountingRule.TOP_LABEL, false);
        assertEquals(List.of(), comparison.notes());
        List<UnitChange.Change> changes =
                comparison.units().stream().map(UnitChange::change).toList();
        assertEquals(
                List.of(
                        UnitChange.Change.CHANGED,
                        UnitChange.Change.GAINED,
                        UnitChange.Change.KEPT,
                        UnitChange.Change.NONE),
                changes);
        assertEquals(
                new UnitChange(
                        "conv5",
                        1,
                        UnitChange.Change.CHANGED,
                        new UnitChange.Detected("object", "dog", 0.2),
                        new UnitChange.Detected("scene", "waterfall-s", 25 / 95.0)),
                comparison.units().get(0));
        assertTrue(
                ComparisonText.of(comparison)
                        .lines()
                        .anyMatch(line -> line.matches("conv5 +1 +dog +0.200 +waterfall +0.263")),
                ComparisonText.of(comparison));
        assertEquals("""
                layer,unit,change,from-category,from-label,from-score,to-category,to-label,to-score
                conv5,1,changed,object,dog,0.2,scene,waterfall-s,0.2631578947368421
                """, firstLines(ComparisonFiles.unitsCsv(comparison), 2));
    }

    private static String firstLines(String text, int lines) {
        return String.join("\n", text.lines().limit(lines).toList()) + "\n";
    }

    @Test
    void conceptsGainedAndLostByTheRuleAskedFor() throws IOException {
        List<ComparedRun> runs = List.of(run("imagenet", imagenet()), run("places", places()));
        assertEquals("""
                from,to,layer,change,category,label,from-units,to-units,from-iou,to-iou
                imagenet,places,*,gained,scene,waterfall-s,0,1,0.0,0.2631578947368421
                imagenet,places,*,gained,object,cat,0,1,0.0,0.25
                imagenet,places,*,kept,object,dog,2,1,0.2,0.06666666666666667
                """, ComparisonFiles.conceptsCsv(ComparisonResult.of(runs, CountingRule.TOP_LABEL, false)));
        assertEquals("""
                from,to,layer,change,category,label,from-units,to-units,from-iou,to-iou
                imagenet,places,*,gained,scene,waterfall-s,0,1,0.0,0.2631578947368421
                imagenet,places,*,gained,object,cat,0,1,0.0,0.25
                imagenet,places,*,lost,scene,street-s,1,0,0.0502283105022831,0.0
                imagenet,places,*,kept,object,dog,2,2,0.2,0.06870229007633588
                """, ComparisonFiles.conceptsCsv(ComparisonResult.of(runs, CountingRule.PER_CATEGORY, false)));
    }

    @Test
    void severalLayersAreComparedTogetherAndOneByOne() throws IOException {
        ComparedRun two = new ComparedRun(
                "two",
                SETTINGS,
                0.04,
                List.of(new ComparedLayer("conv4", imagenet()), new ComparedLayer("conv5", places())));
        ComparedRun one = run("one", places());
        ComparisonResult comparison = ComparisonResult.of(List.of(two, one), CountingRule.TOP_LABEL, false);
        assertEquals(
                List.of("*", "*", "*", "conv5", "conv5", "conv5"),
                comparison.concepts().stream().map(ConceptChange::layer).toList());
        assertTrue(comparison.concepts().stream().allMatch(change -> change.change() == ConceptChange.Change.KEPT));
        assertEquals(3, comparison.counts(CountingRule.TOP_LABEL).size());
        assertEquals(9, comparison.counts().size());
        assertEquals(4, comparison.units().size(), "conv5 only");
    }

    @Test
    void otherUnitsAreNotCompared() throws IOException {
        StoredTable fewer = TinyTable.of("object", "scene")
                .unit(1, cell("dog", 100, 50, 25), none())
                .read(folder.resolve("fewer.csv"));
        ComparisonResult comparison =
                ComparisonResult.of(List.of(run("a", imagenet()), run("b", fewer)), CountingRule.TOP_LABEL, false);
        assertEquals(List.of(), comparison.units());
        assertEquals(List.of("conv5 has other units in b than in a: units not compared"), comparison.notes());
    }

    @Test
    void otherProbeSetsAreRefusedOrTold() throws IOException {
        ComparedRun a = run("a", imagenet());
        ComparedRun images = new ComparedRun(
                "b",
                Map.of("labels", "1", "activations.images", "2", "iou", "0.04"),
                0.04,
                run("b", places()).layers());
        String refusal = refusal(a, images);
        assertTrue(refusal.contains("b is over another probe set than a: its images differ"), refusal);
        assertTrue(refusal.contains("--mixed"), refusal);
        ComparisonResult mixed = ComparisonResult.of(List.of(a, images), CountingRule.TOP_LABEL, true);
        assertTrue(
                mixed.notes().get(0).contains("not comparable"), mixed.notes().toString());

        StoredTable objects = TinyTable.of("object").unit(1, none()).read(folder.resolve("objects.csv"));
        assertTrue(refusal(a, run("c", objects)).contains("categories are object, scene there and object here"));

        StoredTable larger = TinyTable.of("object", "scene")
                .unit(1, cell("dog", 101, 50, 25), none())
                .read(folder.resolve("larger.csv"));
        ComparedRun unknown = new ComparedRun("d", Map.of(), 0.04, List.of(new ComparedLayer("", larger)));
        assertTrue(refusal(a, unknown).contains("the label dog has 100 pixels there and 101 here"));
    }

    private static String refusal(ComparedRun a, ComparedRun b) {
        return Failures.message(
                InputException.class, () -> ComparisonResult.of(List.of(a, b), CountingRule.TOP_LABEL, false));
    }

    @Test
    void settingsThatChangeCountsAreTold() throws IOException {
        ComparedRun a = run("a", imagenet());
        ComparedRun b = new ComparedRun(
                "b",
                Map.of("labels", "1", "activations.images", "1", "iou", "0.06", "activations.batch", "8"),
                0.06,
                run("b", places()).layers());
        ComparisonResult comparison = ComparisonResult.of(List.of(a, b), CountingRule.TOP_LABEL, false);
        assertEquals(List.of("iou is 0.04 in a and 0.06 in b"), comparison.notes());
        assertEquals(
                List.of(),
                ComparisonResult.of(List.of(a.withIou(0.1), b.withIou(0.1)), CountingRule.TOP_LABEL, false)
                        .notes());
    }

    @Test
    void explanationNamesSettingsUnitsAndTerms() throws IOException {
        ComparedRun a = run("a", imagenet());
        ComparedRun b = new ComparedRun(
                "b",
                Map.of("labels", "1", "activations.images", "1", "iou", "0.04", "profile", "netdissect"),
                0.04,
                run("b", places()).layers());
        RunDifference explanation = RunDifference.of(a, b);
        assertEquals(List.of(new RunDifference.Setting("profile", "not given", "netdissect")), explanation.settings());
        LayerDifference layer = explanation.layers().get(0);
        assertEquals(new LayerDifference("conv5", 4, 0, 1, 0, 1, 0, 0, 1, 2, 0.2399), rounded(layer));
        assertEquals(
                List.of(3, 1, 2),
                explanation.units().stream().map(UnitDifference::unit).toList());
        String text = DifferenceText.of(explanation);
        assertTrue(text.contains("cat (object)*"), text);
        assertTrue(text.contains("1 -> 20"), text);
        assertTrue(text.contains("50 -> 40"), text);
        assertFalse(text.contains("100 -> 100"), "what did not move is not shown as moved: " + text);
        assertEquals(List.of(), RunDifference.of(a, a).units());
        assertTrue(DifferenceText.of(RunDifference.of(a, a)).contains("No unit differs"));
    }

    private static LayerDifference rounded(LayerDifference layer) {
        return new LayerDifference(
                layer.layer(),
                layer.units(),
                layer.unpaired(),
                layer.relabelled(),
                layer.passOnlyA(),
                layer.passOnlyB(),
                layer.threshold(),
                layer.truth(),
                layer.activation(),
                layer.intersect(),
                Math.round(layer.greatestChange() * 1e4) / 1e4);
    }

    @Test
    void tablesOfOneLayerAreExplainedWhateverTheyAreCalled() throws IOException {
        ComparedRun a = new ComparedRun("a", Map.of(), 0.04, List.of(new ComparedLayer("", imagenet())));
        RunDifference explanation = RunDifference.of(a, run("b", places()));
        assertFalse(explanation.settingsKnown());
        assertEquals("conv5", explanation.layers().get(0).layer());
        ComparedRun two = new ComparedRun(
                "two", Map.of(), 0.04, List.of(new ComparedLayer("x", imagenet()), new ComparedLayer("y", imagenet())));
        assertTrue(Failures.message(InputException.class, () -> RunDifference.of(two, run("b", places())))
                .contains("no layer in common: x, y; conv5"));
    }

    @Test
    void thePageEscapesWhatComesFromTables() throws IOException {
        String hostile = "<img src=x onerror=alert(1)>";
        StoredTable table = TinyTable.of("object", "<b>")
                .unit(1, cell(hostile, 100, 50, 25), none())
                .read(folder.resolve("hostile.csv"));
        StoredTable plain = TinyTable.of("object", "<b>")
                .unit(1, cell("dog", 100, 50, 25), none())
                .read(folder.resolve("plain.csv"));
        ComparedRun a = new ComparedRun(
                "</title><script>",
                SETTINGS,
                0.04,
                List.of(new ComparedLayer("<i>", plain), new ComparedLayer("<u>", plain)));
        ComparisonResult comparison = ComparisonResult.of(List.of(a, run("b", table)), CountingRule.TOP_LABEL, false);
        Path file = folder.resolve("page.html");
        List<Chart> figures = ChartFiles.obstacle().isEmpty() ? ComparisonFigures.of(comparison) : List.of();
        ComparisonText.page(comparison, figures).write(file, "1.0");
        String page = Files.readString(file);
        for (String markup : List.of("<img", "<script", "<b>", "<i>", "<u>")) {
            assertFalse(page.contains(markup), markup + " in " + page);
        }
        assertTrue(page.contains("&lt;img src=x onerror=alert(1)&gt;"), page);
        assertTrue(ChartFiles.obstacle().isPresent() || (figures.size() == 2 && page.contains("<svg")), page);
    }

    /** Random tables compared with a count by the definition. */
    @Test
    void conceptsAreThoseOfANaiveCount() throws IOException {
        Random random = new Random(7);
        for (int trial = 0; trial < 30; trial++) {
            StoredTable before = random(random, "before.csv");
            StoredTable after = random(random, "after.csv");
            for (CountingRule rule : CountingRule.values()) {
                ComparisonResult comparison =
                        ComparisonResult.of(List.of(run("a", before), run("b", after)), rule, true);
                Set<String> gained = new HashSet<>(naive(after, rule));
                gained.removeAll(naive(before, rule));
                Set<String> found = new HashSet<>();
                comparison.concepts().stream()
                        .filter(change -> change.change() == ConceptChange.Change.GAINED)
                        .forEach(change -> found.add(change.category() + " " + change.label()));
                assertEquals(gained, found, rule + " in trial " + trial);
            }
        }
    }

    private StoredTable random(Random random, String file) throws IOException {
        TinyTable table = TinyTable.of("object", "scene");
        for (int unit = 1; unit <= 20; unit++) {
            List<TinyTable.Cell> cells = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                // IoU is intersect / 100, which often equals the threshold
                int intersect = random.nextInt(7);
                cells.add(intersect == 0 ? none() : cell("c" + random.nextInt(5), 90, 10 + intersect, intersect));
            }
            table.unit(unit, cells.get(0), cells.get(1));
        }
        return table.read(folder.resolve(file));
    }

    private static Set<String> naive(StoredTable table, CountingRule rule) {
        Set<String> concepts = new HashSet<>();
        for (UnitScores unit : table.scores().units()) {
            for (int i = 0; i < 2; i++) {
                double iou = unit.categories().get(i).iou();
                boolean best = rule == CountingRule.PER_CATEGORY || unit.category() == i;
                if (best && (rule == CountingRule.HTML ? iou >= 0.04 : iou > 0.04)) {
                    concepts.add(table.categories().get(i) + " "
                            + table.label(unit.categories().get(i)));
                }
            }
        }
        return concepts;
    }
}
