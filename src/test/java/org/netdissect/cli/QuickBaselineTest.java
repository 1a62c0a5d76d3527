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
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.Tables;

/** {@code dissect --baseline quick}, the default, on the bundled sample. */
class QuickBaselineTest {
    private static final List<String> LAYERS = List.of("layer4", "layer5");

    @TempDir
    static Path folder;

    private static Path cache;
    private static Cli first;

    @BeforeAll
    static void dissectOnce() {
        cache = folder.resolve("cache");
        first = dissect("first", "--cache", cache);
    }

    private static Cli dissect(String out, Object... more) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--out", folder.resolve(out)));
        if (!List.of(more).contains("--limit")) {
            args.addAll(List.of("--limit", 120));
        }
        args.addAll(List.of(more));
        return Cli.run(args.toArray());
    }

    private static Path file(String out, String name) {
        return folder.resolve(out).resolve(name);
    }

    private static JsonNode summary(String out, String layer) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file(out, layer + "/summary.json")));
    }

    private static List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.getFileName().toString().matches("chance-[0-9a-f]{32}\\.bin"))
                    .sorted()
                    .toList();
        }
    }

    private static void forget() throws IOException {
        for (Path file : kept()) {
            Files.delete(file);
        }
    }

    private static void assertSame(String out, String other, String... names) throws IOException {
        for (String layer : LAYERS) {
            for (String name : names) {
                assertArrayEquals(
                        Files.readAllBytes(file(out, layer + "/" + name)),
                        Files.readAllBytes(file(other, layer + "/" + name)),
                        layer + "/" + name + " of " + other);
            }
        }
    }

    private static boolean drew(Cli run) {
        return run.err().contains("baseline: ");
    }

    @Test
    void everyRunTellsIt() throws IOException {
        assertEquals(0, first.code(), first.toString());
        assertTrue(first.out().contains("layer   units  detectors  unique  by chance  significant  "), first.out());
        assertTrue(first.out().contains("By chance: detectors where masks meet the labels of other images"));
        for (String layer : LAYERS) {
            JsonNode summary = summary("first", layer);
            JsonNode chance = summary.path("chance");
            int detectors = summary.at("/counts/top-label/detectors").asInt();
            assertEquals("quick", chance.path("method").asText());
            assertEquals(400, chance.path("draws").asInt());
            assertEquals(120, chance.path("images").asInt());
            assertEquals(detectors, chance.path("detectors").asInt());
            assertTrue(chance.path("expectedDetectors").asDouble() < detectors / 2.0, chance.toString());
            int significant = 0;
            List<CSVRecord> table = Tables.read(file("first", layer + "/detectors.csv"));
            List<CSVRecord> rows = Tables.read(file("first", layer + "/chance.csv"));
            for (int i = 0; i < rows.size(); i++) {
                CSVRecord row = rows.get(i);
                assertEquals(table.get(i).get("unit"), row.get("unit"));
                assertEquals("", row.get("lower") + row.get("upper"));
                boolean isSignificant = !row.get("q").isEmpty() && Double.parseDouble(row.get("q")) <= 0.05;
                significant += isSignificant && Double.parseDouble(row.get("score")) > 0.04 ? 1 : 0;
            }
            assertEquals(significant, chance.path("significant").asInt());
            assertTrue(significant > detectors / 2, "a trained network: " + significant + " of " + detectors);
        }
        assertFalse(first.err().contains("can be chance"), first.err());
        assertFalse(first.err().contains("no more than chance"), first.err());
        String page = Files.readString(file("first", "report/layer5.html"));
        assertTrue(page.contains("How much is chance: ") && page.contains("p 0.0025, q "), "the report");
        Cli report = Cli.run("report", folder.resolve("first"));
        assertEquals(0, report.code(), report.toString());
        assertFalse(drew(report), report.err());
        assertEquals(page, Files.readString(file("first", "report/layer5.html")));
    }

    /** Runs from the cache make no masks; threads, memory and cache do not change the results. */
    @Test
    void theTablesDependOnTheSeedAlone() throws IOException {
        String[] all = {"chance.csv", "detectors.csv", "summary.json"};
        Cli again = dissect("again", "--cache", cache, "--no-report");
        assertFalse(drew(again), again.err());
        assertFalse(again.err().contains("alignment: "), again.err());
        assertSame("first", "again", all);
        assertTrue(drew(dissect("stream", "--no-cache", "--no-report", "--threads", 3)));
        assertSame("first", "stream", all);
        forget();
        assertTrue(drew(dissect("narrow", "--cache", cache, "--no-report", "--memory", "300kB", "--threads", 1)));
        assertSame("first", "narrow", "chance.csv", "detectors.csv");
        Cli seed = dissect("seed", "--cache", cache, "--no-report", "--seed", 5);
        assertTrue(drew(seed), seed.err());
        assertSame("first", "seed", "detectors.csv");
        assertNotEquals(
                Files.readString(file("first", "layer5/chance.csv")),
                Files.readString(file("seed", "layer5/chance.csv")));
    }

    /** Another IoU threshold needs no new masks, and gives the results of a run without stored draws. */
    @Test
    void anotherIouThresholdDrawsNothing() throws IOException {
        Cli strict = dissect("strict", "--cache", cache, "--no-report", "--iou", "0.1", "--detectors", "per-category");
        assertEquals(0, strict.code(), strict.toString());
        assertFalse(drew(strict), strict.err());
        assertTrue(drew(dissect("fresh", "--no-cache", "--no-report", "--iou", "0.1", "--detectors", "per-category")));
        assertSame("strict", "fresh", "chance.csv", "summary.json");
        assertTrue(summary("strict", "layer5").at("/chance/expectedDetectors").asDouble()
                < summary("first", "layer5").at("/chance/expectedDetectors").asDouble());
    }

    @Test
    void damagedDrawsAreDrawnAgain() throws IOException {
        List<Path> files = kept();
        assertFalse(files.isEmpty());
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }
        Cli verify = Cli.run("cache", "verify", "--cache", cache);
        assertEquals(2, verify.code(), verify.toString());
        assertTrue((verify.out() + verify.err()).contains("its checksum does not fit"), verify.toString());
        Cli run = dissect("damaged", "--cache", cache, "--no-report");
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.err().contains("cannot be used (its checksum does not fit); drawing again"), run.err());
        assertSame("first", "damaged", "chance.csv", "detectors.csv", "summary.json");
        assertFalse(drew(dissect("mended", "--cache", cache, "--no-report")));
        forget();
        assertTrue(drew(dissect("gone", "--cache", cache, "--no-report")), "a cache from before there were any");
        assertSame("first", "gone", "chance.csv", "detectors.csv", "summary.json");
    }

    @Test
    void significantDetectorsCanBeRequired() {
        Cli met = dissect("met", "--cache", cache, "--no-report", "--require", "layer5:significant>=20");
        assertEquals(0, met.code(), met.toString());
        Cli unmet = dissect("met", "--cache", cache, "--no-report", "--require", "layer5:significant>=1000");
        assertEquals(3, unmet.code(), unmet.toString());
        assertTrue(unmet.err().contains("required layer5:significant>=1000, but layer5 has significant "), unmet.err());
    }

    @Test
    void noneTellsNothing() throws IOException {
        Cli run = dissect("none", "--cache", cache, "--baseline", "none");
        assertEquals(0, run.code(), run.toString());
        assertFalse(run.out().contains("chance"), run.out());
        assertFalse(drew(run));
        assertFalse(Files.exists(file("none", "layer5/chance.csv")));
        assertTrue(summary("none", "layer5").path("chance").isNull());
        assertSame("first", "none", "detectors.csv");
    }

    /** A few images make many detectors; a note and the report's first lines say so. */
    @Test
    void tooFewImagesAreTold() throws IOException {
        Cli run = dissect("few", "--cache", cache, "--limit", 10);
        assertEquals(0, run.code(), run.toString());
        String note = "too few images to tell its ";
        assertTrue(run.err().contains("note: layer layer5: " + note), run.err());
        assertTrue(Files.readString(file("few", "report/layer5.html")).contains("Beware: " + note));
        assertTrue(Files.readString(file("few", "report.html")).contains("Beware: " + note));
    }
}
