package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.Tables;
import org.netdissect.report.chart.ChartFiles;

/** netdissect compare on runs of the sample over 40 images. */
class CompareCommandTest {
    @TempDir
    static Path folder;

    private static int outs;

    @BeforeAll
    static void dissect() {
        dissect("a", "--limit", "40");
        dissect("corners", "--limit", "40", "--interpolation", "align-corners");
        dissect("fewer", "--limit", "30");
        dissect("parts", "--limit", "40", "--categories", "object,part,color,material");
    }

    private static void dissect(String name, String... options) {
        List<Object> args =
                new ArrayList<>(List.of("dissect", "--cache", folder.resolve("cache"), "--out", folder.resolve(name)));
        args.addAll(List.of(options));
        Cli run = Cli.run(args.toArray());
        assertEquals(0, run.code(), run.toString());
    }

    private static Path run(String name) {
        return folder.resolve(name);
    }

    private static Cli compare(Object... args) {
        List<Object> all = new ArrayList<>(List.of("compare"));
        all.addAll(List.of(args));
        if (!all.contains("--out") && !all.contains("--explain")) {
            all.addAll(List.of("--out", folder.resolve("out" + ++outs)));
        }
        return Cli.run(all.toArray());
    }

    private static void refused(Cli run, String message) {
        assertEquals(2, run.code(), run.toString());
        assertEquals(1, run.errorLine().lines().count(), run.toString());
        assertTrue(run.errorLine().contains(message), run.errorLine());
        assertEquals("", run.out());
    }

    @Test
    void twoRunsOfOneNetwork() throws IOException {
        Path out = folder.resolve("two");
        Cli run = compare(run("a"), run("corners"), "--out", out);
        assertEquals(0, run.code(), run.toString());
        assertEquals("note: interpolation is receptive-field in a and align-corners in corners\n", run.err());
        for (String part :
                List.of("Detectors by the rule top-label", "Concepts from a to corners", "Units of both runs")) {
            assertTrue(run.out().contains(part), run.out());
        }
        List<CSVRecord> counts = Tables.read(out.resolve("counts.csv"));
        assertEquals(2 * 2 * 3, counts.size(), "runs x layers x rules");
        JsonNode summary = json(run("corners").resolve("layer5/summary.json"));
        for (CSVRecord row : counts) {
            if (row.get("network").equals("corners") && row.get("layer").equals("layer5")) {
                JsonNode rule = summary.path("counts").path(row.get("rule"));
                assertEquals(rule.path("unique").asText(), row.get("unique-all"));
                assertEquals(rule.at("/categories/part/detectors").asText(), row.get("detectors-part"));
            }
        }
        assertTrue(Files.readString(out.resolve("counts.md")).startsWith("| network | layer | rule |"));
        assertEquals(128 + 160, Tables.read(out.resolve("units.csv")).size());
        assertEquals(128 + 160, json(out.resolve("compare.json")).path("units").size());
        JsonNode printed = new ObjectMapper()
                .readTree(compare(run("a"), run("corners"), "--json").out());
        assertEquals(json(out.resolve("compare.json")), printed, "with the same files");

        assertTrue(Files.readString(out.resolve("compare.html")).contains("Units of both runs"));
        for (JsonNode name : json(out.resolve("compare.json")).path("files")) {
            assertTrue(Files.size(out.resolve(name.asText())) > 0, name.asText());
        }
        boolean drawn = ChartFiles.obstacle().isEmpty();
        assertEquals(drawn, Files.exists(out.resolve("networks.svg")));
        assertEquals(drawn, Files.exists(out.resolve("depth-corners.png")));

        Path mine = Files.writeString(out.resolve("depth-mine.png"), "");
        assertEquals(0, compare(run("a"), "--out", out).code(), "one run, in the folder of an earlier comparison");
        assertFalse(Files.exists(out.resolve("units.csv")), "nothing of the earlier one is left");
        assertFalse(Files.exists(out.resolve("depth-corners.png")), "nor of its figures");
        assertEquals(drawn, Files.exists(out.resolve("depth-a.svg")));
        assertTrue(Files.exists(mine), "what no comparison wrote stays");
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    @Test
    void whyTwoRunsDiffer() throws IOException {
        Cli run = compare("--explain", run("a"), run("corners"));
        assertEquals(0, run.code(), run.toString());
        assertTrue(
                run.out().lines().anyMatch(line -> line.matches("interpolation +receptive-field +align-corners")),
                run.out());
        assertFalse(run.out().contains("activations.model"), "what is equal is not shown");
        Path out = folder.resolve("explained");
        JsonNode document = new ObjectMapper()
                .readTree(compare("--explain", run("a"), run("corners"), "--json", "--out", out)
                        .out());
        assertEquals(1, document.path("settings").size(), document.toString());
        assertEquals(10, document.path("largest").size());
        assertEquals(0, document.at("/layers/1/truth").asInt(), "the labels are the same");
        assertTrue(document.at("/layers/1/activation").asInt() > 100, document.toString());
        // the change agrees with the tables
        JsonNode largest = document.at("/largest/0");
        String unit = largest.path("unit").asText();
        String layer = largest.path("layer").asText();
        double before = score("a", layer, unit);
        assertEquals(
                score("corners", layer, unit) - before, largest.path("change").asDouble(), 1e-12);
        assertTrue(Files.readAllLines(out.resolve("explain.csv")).size() > 100);
        assertEquals(document, json(out.resolve("explain.json")));

        Cli other = compare("--explain", run("a"), run("fewer"));
        assertTrue(other.out().contains("activations.image-count"), "other images are an explanation: " + other);
        assertTrue(compare("--explain", run("a"), run("a")).out().contains("No unit differs"));
    }

    private static double score(String run, String layer, String unit) throws IOException {
        CSVRecord row =
                Tables.byUnit(run(run).resolve(layer).resolve("detectors.csv")).get(unit);
        return Double.parseDouble(java.util.Objects.requireNonNull(row, unit).get("score"));
    }

    @Test
    void runsThatCannotBeCompared() {
        refused(compare(run("a"), run("fewer")), "fewer is over another probe set than a: its images differ");
        refused(compare(run("a"), run("parts")), "parts is over another probe set than a: categories are ");
        Cli mixed = compare(run("a"), run("fewer"), "--mixed");
        assertEquals(0, mixed.code(), mixed.toString());
        assertTrue(mixed.err().contains("not comparable"), mixed.err());
        Path table = run("a").resolve("layer5/detectors.csv");
        assertEquals(0, compare(run("a"), table).code(), "a table over the same images");
        refused(compare(run("fewer"), table), " pixels there and ");
        refused(compare("--explain", run("a")), "--explain takes two runs, but 1 are given");
        refused(
                compare("--explain", run("a").resolve("layer4/detectors.csv"), run("a").resolve("nope")),
                "nope: no such file or folder");
        refused(compare(), "[NAME=]RUN");
    }

    @Test
    void directoriesThatAreNoRun() throws IOException {
        refused(compare(run("a"), folder.resolve("cache")), "has no run.json");
        Path copy = copy("copy");
        Path record = copy.resolve("run.json");
        String sound = Files.readString(record);
        for (String[] change : new String[][] {
            {"\"schemaVersion\" : 1", "\"schemaVersion\" : 7", "run.json: schemaVersion is 7, this program reads 1"},
            {"\"schemaVersion\" : 1,", "", "run.json: schemaVersion is missing"},
            {"\"iou\" : 0.04", "\"iou\" : \"x\"", "run.json: settings.iou is \"x\""},
            {"\"units\" : 128", "\"units\" : 127", "has 128 units, but run.json says 127"},
            {"\"name\" : \"layer4\"", "\"name\" : \"../../a/layer4\"", "no such file, expected a detector table"},
            {"\"name\" : \"layer4\"", "\"nam\" : \"layer4\"", "run.json: has a layer without a name"},
            {"\"layers\" : [ {", "\"layer\" : [ {", "run.json: names no layer"},
            {"{", "", "run.json: is not JSON"},
        }) {
            assertTrue(sound.contains(change[0]), change[0]);
            Files.writeString(record, sound.replaceFirst(java.util.regex.Pattern.quote(change[0]), change[1]));
            refused(compare(copy), change[2]);
        }
        Files.writeString(record, sound);
        Files.writeString(copy.resolve("layer5/detectors.csv"), "unit\n");
        refused(compare(copy), "detectors.csv:1: no column category, label, score");
        Files.delete(copy.resolve("layer5/detectors.csv"));
        refused(compare(copy), "detectors.csv: no such file");
        Files.move(record, copy.resolve("run.json.partial"));
        refused(compare(copy), "holds an unfinished run");
    }

    private static Path copy(String name) throws IOException {
        Path copy = folder.resolve(name);
        try (Stream<Path> files = Files.walk(run("a"))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(run("a").relativize(file).toString()));
            }
        }
        return copy;
    }

    @Test
    void foreignFilesStay() throws IOException {
        Path out = Files.createDirectories(folder.resolve("foreign"));
        Path file = Files.writeString(out.resolve("counts.csv"), "mine");
        refused(compare(run("a"), "--out", out), "has a counts.csv but no compare.json");
        assertEquals("mine", Files.readString(file));
        assertEquals(0, compare(run("a"), "--out", out, "--overwrite").code());
        refused(compare(run("a"), "--out", file), "is a file, expected a folder");
    }

    @Test
    void ruleAndThresholdChangeTheCounts() throws IOException {
        List<String> usual = counts("top-label", "0.04");
        assertNotEquals(usual, counts("per-category", "0.04"));
        assertNotEquals(usual, counts("top-label", "0.2"));
        assertEquals(usual, counts("top-label", "0.040"));
        refused(compare(run("a"), "--iou", "1.5"), "--iou 1.5: expected at least 0 and less than 1");
    }

    private static List<String> counts(String rule, String iou) throws IOException {
        Path out = folder.resolve("out-" + rule + iou);
        Cli run = compare(run("a"), "--rule", rule, "--iou", iou, "--out", out);
        assertEquals(0, run.code(), run.toString());
        List<String> rows = Files.readAllLines(out.resolve("counts.md")).subList(2, 4);
        assertTrue(rows.get(1).startsWith("| a | layer5 | " + rule + " |"), rows.get(1));
        return rows.stream().map(row -> row.replace(rule, "")).toList();
    }

    @Test
    void tablesOfSeveralLayersOfOneNetworkAreToldApart() {
        Cli run = compare(
                run("a").resolve("layer4/detectors.csv"), run("a").resolve("layer5/detectors.csv"), "--iou", "0.1");
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.out().contains("Concepts from a/layer4 to a/layer5"), run.out());
    }
}
