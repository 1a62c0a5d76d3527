package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.Tables;

/** {@code dissect --baseline permutation} on the bundled sample. */
class BaselineTest {
    private static final List<String> LAYERS = List.of("layer4", "layer5");
    private static final int IMAGES = 120;

    @TempDir
    static Path folder;

    private static Cli first;

    @BeforeAll
    static void dissectWithABaseline() {
        first = dissect("first", "--permutations", 200);
    }

    private static Cli dissect(String out, Object... more) {
        List<Object> args =
                new ArrayList<>(List.of("dissect", "--out", folder.resolve(out), "--baseline", "permutation"));
        if (!List.of(more).contains("--limit")) {
            args.addAll(List.of("--limit", IMAGES));
        }
        if (!List.of(more).contains("--no-cache")) {
            args.addAll(List.of("--cache", folder.resolve("cache")));
        }
        args.addAll(List.of(more));
        return Cli.run(args.toArray());
    }

    private static Path file(String out, String name) {
        return folder.resolve(out).resolve(name);
    }

    private static JsonNode json(String out, String name) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file(out, name)));
    }

    @Test
    void tablesAndSummaryTellHowMuchIsChance() throws IOException {
        assertEquals(0, first.code(), first.toString());
        for (String layer : LAYERS) {
            JsonNode summary = json("first", layer + "/summary.json");
            JsonNode chance = summary.path("chance");
            int detectors = summary.at("/counts/top-label/detectors").asInt();
            List<CSVRecord> table = Tables.read(file("first", layer + "/detectors.csv"));
            List<CSVRecord> rows = Tables.read(file("first", layer + "/chance.csv"));
            assertEquals(table.size(), rows.size());
            int significant = 0;
            for (int i = 0; i < rows.size(); i++) {
                for (String column : List.of("unit", "category", "label", "score")) {
                    assertEquals(table.get(i).get(column), rows.get(i).get(column));
                }
                significant += assertRow(rows.get(i));
            }
            assertEquals(significant, chance.path("significant").asInt());
            assertTrue(significant > 0 && significant <= detectors, significant + " of " + detectors);
            assertTrue(chance.path("expectedDetectors").asDouble() < detectors, chance.toString());
            assertTrue(chance.path("expectedUnique").asDouble()
                    <= chance.path("expectedDetectors").asDouble());
            assertTrue(chance.path("detectors95").isInt()
                    && chance.path("unique95").isInt());
            assertEquals("permutation", chance.path("method").asText());
            assertEquals(200, chance.path("draws").asInt());
            assertEquals(0.05, chance.path("fdr").asDouble());
            String line = layer + ": " + detectors + " detectors, ";
            assertTrue(first.out().contains(line), first.out());
        }
        assertTrue(first.out().contains(" unique; by chance "), first.out());
    }

    /** Checks a row; returns 1 for a significant detector, else 0. */
    private static int assertRow(CSVRecord row) {
        if (row.get("label").isEmpty()) {
            assertEquals("", row.get("p") + row.get("q") + row.get("lower") + row.get("upper"));
            return 0;
        }
        double score = Double.parseDouble(row.get("score"));
        double p = Double.parseDouble(row.get("p"));
        double q = Double.parseDouble(row.get("q"));
        assertTrue(p >= 1 / 201.0 && p <= 1 && q >= p && q <= 1, row.toString());
        assertTrue(Double.parseDouble(row.get("lower")) <= score, row.toString());
        assertTrue(Double.parseDouble(row.get("upper")) >= score, row.toString());
        double mean = Double.parseDouble(row.get("chance-mean"));
        assertTrue(mean > 0 && mean < 1 && Double.parseDouble(row.get("chance-95")) < 1, row.toString());
        return score > 0.04 && q <= 0.05 ? 1 : 0;
    }

    @Test
    void theRunSaysWhatItDrewAndLeavesNoMasks() throws IOException {
        JsonNode run = json("first", "run.json");
        assertEquals("permutation", run.at("/settings/baseline").asText());
        assertEquals(200, run.at("/settings/permutations").asInt());
        assertEquals(0, run.at("/settings/seed").asInt());
        assertEquals("[0]", run.path("seeds").toString());
        assertTrue(run.at("/timings/baseline").isNumber());
        try (var files = Files.list(folder.resolve("first"))) {
            assertEquals(
                    List.of("layer4", "layer5", "report", "report.html", "run.json"),
                    files.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void theTablesDependOnTheSeedAlone() throws IOException {
        assertEquals(
                0,
                dissect("stream", "--permutations", 200, "--no-cache", "--no-report", "--threads", 3)
                        .code());
        assertEquals(
                0,
                dissect("narrow", "--permutations", 200, "--memory", "300kB", "--no-report", "--threads", 1)
                        .code());
        assertEquals(
                0,
                dissect("seed", "--permutations", 200, "--seed", 5, "--no-report")
                        .code());
        for (String layer : LAYERS) {
            for (String name : List.of("chance.csv", "detectors.csv", "summary.json")) {
                byte[] expected = Files.readAllBytes(file("first", layer + "/" + name));
                assertArrayEquals(expected, Files.readAllBytes(file("stream", layer + "/" + name)), name);
                assertArrayEquals(expected, Files.readAllBytes(file("narrow", layer + "/" + name)), name);
            }
            assertNotEquals(
                    Files.readString(file("first", layer + "/chance.csv")),
                    Files.readString(file("seed", layer + "/chance.csv")));
        }
    }

    /**
     * The baseline follows the run's first settings, whatever else is counted in the same pass; the lower tail has a
     * separate one.
     */
    @Test
    void tailsSweepsAndSplitsChangeNothing() throws IOException {
        Cli run = dissect(
                "all",
                "--permutations",
                200,
                "--tail",
                "both",
                "--top-fraction",
                "0.005,0.01",
                "--split",
                "train,val",
                "--no-report");
        assertEquals(0, run.code(), run.toString());
        for (String layer : LAYERS) {
            assertArrayEquals(
                    Files.readAllBytes(file("first", layer + "/chance.csv")),
                    Files.readAllBytes(file("all", layer + "/chance.csv")));
            assertTrue(json("all", layer + "-lower/summary.json").path("chance").isObject());
            assertEquals(
                    Tables.read(file("all", layer + "-lower/detectors.csv")).size(),
                    Tables.read(file("all", layer + "-lower/chance.csv")).size());
        }
    }

    @Test
    void theReportTellsItAndIsMadeAgain() throws IOException {
        String page = Files.readString(file("first", "report/layer5.html"));
        assertTrue(page.contains("How much is chance: "), "the layer's line");
        assertTrue(page.contains("95 % interval 0."), "a unit's");
        byte[] chance = Files.readAllBytes(file("first", "layer5/chance.csv"));
        Cli again = Cli.run("report", folder.resolve("first"));
        assertEquals(0, again.code(), again.toString());
        assertEquals(page, Files.readString(file("first", "report/layer5.html")));
        assertArrayEquals(chance, Files.readAllBytes(file("first", "layer5/chance.csv")));
    }

    @Test
    void aRunWithoutOneLeavesNothingOfAnother() throws IOException {
        Cli few = dissect("over", "--permutations", 5, "--no-report");
        assertEquals(0, few.code(), few.toString());
        assertTrue(Files.exists(file("over", "layer5/chance.csv")));
        assertTrue(few.err().contains("note: layer layer5: --permutations 5 is too few to tell "), few.err());
        Cli plain = Cli.run(
                "dissect",
                "--out",
                folder.resolve("over"),
                "--limit",
                IMAGES,
                "--cache",
                folder.resolve("cache"),
                "--no-report",
                "--overwrite",
                "--baseline",
                "none");
        assertEquals(0, plain.code(), plain.toString());
        assertFalse(Files.exists(file("over", "layer5/chance.csv")));
        assertTrue(json("over", "layer5/summary.json").path("chance").isNull());
        assertFalse(json("over", "run.json").path("settings").has("seed"));
    }

    @Test
    void oneImageIsToldInOneLine() throws IOException {
        Cli run = dissect("one", "--limit", 1, "--no-report");
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.err().contains("nothing can be permuted"), run.err());
        JsonNode chance = json("one", "layer5/summary.json").path("chance");
        assertEquals(0, chance.path("draws").asInt());
        assertTrue(chance.path("expectedDetectors").isNull());
        for (CSVRecord row : Tables.read(file("one", "layer5/chance.csv"))) {
            assertEquals(row.get("label").isEmpty() ? "" : "1.0", row.get("p"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--baseline permutation --permutations 0, --permutations 0: expected 1 to 100000",
        "--baseline permutation --permutations 100001, --permutations 100001",
        "--baseline none --permutations 10, --permutations 10 with --baseline none",
        "--baseline none --seed 1, --seed 1 with --baseline none and without",
        "--baseline random, expected quick or permutation or none",
        "--baseline none --require layer5:significant>=9, --baseline none: what is significant is not looked for",
        "--baseline permutation --seed x, --seed",
    })
    void wrongOptionsAreRefusedInOneLine(String options, String message) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--out", folder.resolve("wrong")));
        args.addAll(List.of((Object[]) options.split(" ")));
        Cli run = Cli.run(args.toArray());
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains(message), run.toString());
        assertEquals(1, run.errorLine().lines().count(), run.toString());
        assertFalse(Files.exists(folder.resolve("wrong")));
    }
}
