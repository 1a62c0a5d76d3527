package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.Tables;

/** Several top fractions, IoU thresholds and splits in one run of the sample, compared with separate runs. */
class SweepTest {
    private static final List<String> FRACTIONS = List.of("0.005", "0.02", "0.001", "0.1", "0.3", "0.0005");

    @TempDir
    static Path folder;

    private static Cli swept;

    @BeforeAll
    static void sweep() {
        swept = dissect("swept", "--top-fraction", String.join(",", FRACTIONS), "--iou", "0.04,0.1");
    }

    private static Cli dissect(String out, Object... more) {
        List<Object> args = new ArrayList<>(
                List.of("dissect", "--limit", 40, "--layer", "layer5", "--no-report", "--out", folder.resolve(out)));
        args.addAll(List.of(more));
        if (!args.contains("--cache") && !args.contains("--no-cache")) {
            args.addAll(List.of("--cache", folder.resolve("cache")));
        }
        return Cli.run(args.toArray());
    }

    private static Path file(String out, String name) {
        return folder.resolve(out).resolve("layer5").resolve(name);
    }

    private static String text(String out, String name) throws IOException {
        return Files.readString(file(out, name));
    }

    private static JsonNode summary(String out) throws IOException {
        return summary(out, "layer5");
    }

    private static JsonNode summary(String out, String layer) throws IOException {
        Path file = folder.resolve(out).resolve(layer).resolve("summary.json");
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    @Test
    void everySettingCountsAsItDoesAlone() throws IOException {
        assertEquals(0, swept.code(), swept.toString());
        List<CSVRecord> rows = Tables.read(file("swept", "sweep.csv"));
        assertEquals(FRACTIONS.size() * 2, rows.size());
        int row = 0;
        for (String fraction : FRACTIONS) {
            for (String iou : List.of("0.04", "0.1")) {
                String out = "alone-" + row;
                Cli alone = dissect(out, "--top-fraction", fraction, "--iou", iou);
                assertEquals(0, alone.code(), alone.toString());
                assertFalse(alone.err().contains("thresholds of"), "saved by the sweep: " + alone.err());
                assertSame(summary(out), rows.get(row), summary("swept").at("/sweep/" + row));
                assertEquals(fraction, rows.get(row).get("top-fraction"));
                assertEquals(iou, rows.get(row).get("iou"));
                row++;
            }
        }
        assertEquals(text("alone-0", "detectors.csv"), text("swept", "detectors.csv"), "the first is the run's own");
        assertEquals(summary("alone-0").path("counts"), summary("swept").path("counts"));
        assertTrue(summary("alone-0").path("sweep").isNull());
        assertFalse(Files.exists(file("alone-0", "sweep.csv")));
    }

    private static void assertSame(JsonNode alone, CSVRecord row, JsonNode swept) {
        assertEquals(alone.path("counts"), swept.path("counts"));
        for (String rule : List.of("top-label", "per-category", "html")) {
            JsonNode counts = alone.path("counts").path(rule);
            assertEquals(counts.path("detectors").asText(), row.get(rule + "-detectors"));
            assertEquals(counts.path("unique").asText(), row.get(rule + "-unique"));
        }
        alone.at("/counts/top-label/categories").properties().forEach(category -> {
            JsonNode counts = category.getValue();
            assertEquals(counts.path("detectors").asText(), row.get(category.getKey() + "-detectors"));
            assertEquals(counts.path("unique").asText(), row.get(category.getKey() + "-unique"));
        });
    }

    @Test
    void itIsPrintedAndIsTheSameWithoutACacheAndInLittleMemory() throws IOException {
        assertTrue(swept.out().contains("Sweep of layer5"), swept.out());
        assertTrue(swept.out().contains("top fraction   IoU  detectors  unique"), swept.out());
        String[] sweep = {"--top-fraction", String.join(",", FRACTIONS), "--iou", "0.04,0.1"};
        Cli streamed = dissect("streamed", sweep[0], sweep[1], sweep[2], sweep[3], "--no-cache", "--json");
        assertEquals(0, streamed.code(), streamed.toString());
        assertEquals(text("swept", "sweep.csv"), text("streamed", "sweep.csv"));
        assertEquals(
                summary("swept").path("sweep"),
                new ObjectMapper().readTree(streamed.out()).at("/layers/0/sweep"));
        // six fractions need three passes twice
        Path small = folder.resolve("small-cache");
        Cli passes = dissect("small", sweep[0], sweep[1], sweep[2], sweep[3], "--memory", "10kB", "--cache", small);
        assertEquals(0, passes.code(), passes.toString());
        assertEquals(
                6,
                passes.err()
                        .lines()
                        .filter(line -> line.startsWith("thresholds of layer5"))
                        .count());
        assertEquals(text("swept", "sweep.csv"), text("small", "sweep.csv"));
    }

    @Test
    void pastItsMemoryARunWithoutACacheSketchesAllFractions() throws IOException {
        Object[] sweep = {"--top-fraction", "0.5,0.25", "--tail", "both"};
        Cli exact = dissect("exact", sweep);
        assertEquals(0, exact.code(), exact.toString());
        Object[] sketch = {"--top-fraction", "0.5,0.25", "--tail", "both", "--no-cache", "--memory", "6MB"};
        Cli run = dissect("sketch", sketch);
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.err().contains("they are sketched"), run.err());
        int tied = summary("exact", "layer5-lower").path("tiedUnits").asInt();
        assertTrue(tied > 0 && tied < 160, "half of all activations: " + tied);
        assertEquals(tied, summary("sketch", "layer5-lower").path("tiedUnits").asInt(), "a sketch knows zeros");
        List<CSVRecord> rows = Tables.read(file("sketch", "sweep.csv"));
        List<CSVRecord> expected = Tables.read(file("exact", "sweep.csv"));
        assertEquals(expected.size(), rows.size());
        for (int i = 0; i < rows.size(); i++) {
            int off = Integer.parseInt(rows.get(i).get("top-label-detectors"))
                    - Integer.parseInt(expected.get(i).get("top-label-detectors"));
            assertTrue(Math.abs(off) <= 8, "off by " + off);
        }
    }

    @Test
    void givenThresholdsHaveNoFraction() throws IOException {
        Path table = file("swept", "detectors.csv");
        Cli refused = dissect("no", "--thresholds", table, "--top-fraction", "0.1,0.2");
        assertEquals(2, refused.code(), refused.toString());
        assertEquals(1, refused.errorLine().lines().count());
        Cli given = dissect("given", "--thresholds", table, "--iou", "0.04,0.1");
        assertEquals(0, given.code(), given.toString());
        List<CSVRecord> rows = Tables.read(file("given", "sweep.csv"));
        assertEquals(List.of("", ""), rows.stream().map(row -> row.get(0)).toList());
        assertEquals(
                Tables.read(file("swept", "sweep.csv")).get(1).get("html-unique"),
                rows.get(1).get("html-unique"));
        assertTrue(given.out().contains("given"), given.out());
    }

    @Test
    void everySplitIsScoredAsItIsAloneWithTheSameThresholds() throws IOException {
        Cli few = dissect("few-splits", "--split", "val,train", "--top-fraction", "0.005,0.02");
        assertEquals(0, few.code(), few.toString());
        Cli streamed = dissect("streamed-splits", "--split", "val,train", "--no-cache");
        assertEquals(0, streamed.code(), streamed.toString());
        assertEquals(text("few-splits", "splits.csv"), text("streamed-splits", "splits.csv"));

        Cli run = whole("splits", "--split", "val,train");
        assertEquals(0, run.code(), run.toString());
        List<CSVRecord> rows = Tables.read(file("splits", "splits.csv"));
        assertEquals(160, rows.size());
        JsonNode images = summary("splits").at("/splits/images");
        assertEquals(400, images.path("val").asInt() + images.path("train").asInt());
        for (String split : List.of("val", "train")) {
            Cli alone = whole(split, "--split", split, "--thresholds", file("splits", "detectors.csv"));
            assertEquals(0, alone.code(), alone.toString());
            Map<String, CSVRecord> units = new TreeMap<>();
            Tables.read(file(split, "detectors.csv")).forEach(row -> units.put(row.get("unit"), row));
            for (CSVRecord row : rows) {
                CSVRecord expected = Objects.requireNonNull(units.get(row.get("unit")));
                for (String column : List.of("label", "category", "score")) {
                    assertEquals(expected.get(column), row.get(split + "-" + column));
                }
            }
        }
        assertPair(run, rows, summary("splits"), "val", "train", 0);
        assertPair(run, rows, summary("splits"), "train", "val", 1);
        Cli one = dissect("one-split", "--split", "train");
        assertEquals(0, one.code(), one.toString());
        assertFalse(Files.exists(file("one-split", "splits.csv")));
    }

    /** Dissects all images, since the first ones are much alike. */
    private static Cli whole(String out, Object... more) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--layer", "layer5", "--no-report"));
        args.addAll(List.of("--cache", folder.resolve("cache"), "--out", folder.resolve(out)));
        args.addAll(List.of(more));
        return Cli.run(args.toArray());
    }

    private static void assertPair(Cli run, List<CSVRecord> rows, JsonNode summary, String from, String to, int place) {
        int detectors = 0;
        int hold = 0;
        for (CSVRecord row : rows) {
            boolean isDetector = Double.parseDouble(row.get(from + "-score")) > 0.04;
            String holds = row.get(from + "-in-" + to);
            String iou = row.get(from + "-in-" + to + "-iou");
            assertEquals(isDetector ? Double.parseDouble(iou) > 0.04 ? "yes" : "no" : "", holds);
            if (!row.get(from + "-label").isEmpty() && row.get(from + "-label").equals(row.get(to + "-label"))) {
                assertEquals(row.get(to + "-score"), iou);
            }
            detectors += isDetector ? 1 : 0;
            hold += holds.equals("yes") ? 1 : 0;
        }
        assertTrue(hold > 0 && hold < detectors, "something holds and something does not: " + hold);
        String line = hold + " of " + detectors + " detectors of " + from + " hold in " + to + "\n";
        assertTrue(run.out().contains(line), run.out());
        JsonNode pair = summary.at("/splits/pairs/" + place);
        assertEquals(from, pair.path("from").asText());
        assertEquals(hold, pair.path("hold").asInt());
        assertEquals(detectors, pair.path("detectors").asInt());
    }
}
