package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.Tables;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.Engines;

/**
 * One or two passes without a cache, compared with a run with a cache; dissect.StreamedStagesTest has more cases,
 * without the engine.
 */
class NoCacheTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> LAYERS = List.of("layer4", "layer5");

    @TempDir
    static Path folder;

    private static Cli cached;

    @BeforeAll
    static void dissectThroughTheCache() {
        cached = Cli.run(
                "dissect", "--limit", 60, "--cache", folder.resolve("cache"), "--out", folder.resolve("cached"));
    }

    private static Cli streamed(String out, Object... more) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--no-cache", "--out", folder.resolve(out)));
        if (!List.of(more).contains("--limit")) {
            args.addAll(List.of("--limit", 60));
        }
        args.addAll(List.of(more));
        return Cli.run(args.toArray());
    }

    private static byte[] file(String out, String layer, String name) throws IOException {
        return Files.readAllBytes(folder.resolve(out).resolve(layer).resolve(name));
    }

    private static JsonNode json(String out, String name) throws IOException {
        return JSON.readTree(Files.readAllBytes(folder.resolve(out).resolve(name)));
    }

    private static void assertSame(String out) throws IOException {
        for (String layer : LAYERS) {
            assertArrayEquals(
                    file("cached", layer, "detectors.csv"), file(out, layer, "detectors.csv"), out + " " + layer);
            assertArrayEquals(file("cached", layer, "summary.json"), file(out, layer, "summary.json"));
        }
    }

    @Test
    void theTablesAreTheSameForAnyNumberOfThreads() throws IOException {
        assertEquals(0, cached.code(), cached.toString());
        for (int threads : new int[] {1, 2, 8}) {
            expectPasses("once" + threads, "alignment", "second pass", "--threads", threads);
            // memory for thresholds, but not for the candidates of masks
            expectPasses("twice" + threads, "second pass", "alignment", "--threads", threads, "--memory", "400kB");
        }
    }

    /** Runs without a cache, and expects this second stage and the tables of the run with a cache. */
    private void expectPasses(String out, String second, String not, Object... options) throws IOException {
        Cli run = streamed(out, options);
        assertEquals(0, run.code(), run.toString());
        assertSame(out);
        assertTrue(run.out().contains("Activations: not kept"), run.out());
        JsonNode record = json(out, "run.json");
        assertTrue(record.at("/layers/0/activations").isNull());
        assertTrue(record.at("/timings/first pass").asDouble() > 0);
        assertTrue(record.path("timings").path(second).asDouble() > 0, record.toString());
        assertFalse(record.path("timings").has(not), record.toString());
        assertEquals(
                0, json(out, "layer5/summary.json").at("/thresholds/rankError").asDouble());
        try (var files = Files.list(folder.resolve(out))) {
            assertEquals(
                    List.of("layer4", "layer5", "report", "report.html", "run.json"),
                    files.map(path -> path.getFileName().toString()).sorted().toList());
        }
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("cached/report.html")),
                Files.readAllBytes(folder.resolve(out).resolve("report.html")));
    }

    @Test
    void givenThresholdsSpareAPass() throws IOException {
        Path thresholds = folder.resolve("cached/layer5/detectors.csv");
        Cli run = streamed("given", "--layer", "layer5", "--thresholds", thresholds);
        assertEquals(0, run.code(), run.toString());
        assertFalse(run.err().contains("first pass"), run.err());
        assertArrayEquals(file("cached", "layer5", "detectors.csv"), file("given", "layer5", "detectors.csv"));
        assertEquals(
                "given",
                json("given", "layer5/summary.json").at("/thresholds/method").asText());
    }

    @Test
    void pastItsMemoryThresholdsAreSketchedAndTheirErrorIsSaid() throws IOException {
        // half of all activations, so that even the few images of the sample need more than 6 MB
        Cli kept = Cli.run(
                "dissect",
                "--limit",
                60,
                "--top-fraction",
                "0.5",
                "--cache",
                folder.resolve("cache"),
                "--out",
                folder.resolve("half"));
        assertEquals(0, kept.code(), kept.toString());
        Object[] sketch = {"--memory", "6MB", "--top-fraction", "0.5"};
        Cli run = streamed("sketch", sketch);
        assertEquals(0, run.code(), run.toString());
        for (String layer : LAYERS) {
            String note = "note: layer " + layer + ": exact thresholds without a cache need";
            assertTrue(run.err().contains(note), run.err());
            JsonNode thresholds = json("sketch", layer + "/summary.json").path("thresholds");
            assertEquals("sketch", thresholds.path("method").asText());
            double error = thresholds.path("rankError").asDouble();
            assertTrue(error > 0 && error < 0.5 / 10, "off by " + error);
            List<CSVRecord> exact =
                    Tables.read(folder.resolve("half").resolve(layer).resolve("detectors.csv"));
            List<CSVRecord> sketched =
                    Tables.read(folder.resolve("sketch").resolve(layer).resolve("detectors.csv"));
            for (CSVRecord row : sketched) {
                double threshold = Double.parseDouble(row.get("threshold"));
                double expected = exact.stream()
                        .filter(other -> other.get("unit").equals(row.get("unit")))
                        .mapToDouble(other -> Double.parseDouble(other.get("threshold")))
                        .findFirst()
                        .orElseThrow();
                assertTrue(threshold >= expected && threshold <= expected * 1.02 + 1e-6, threshold + " " + expected);
            }
        }
        byte[] first = file("sketch", "layer5", "detectors.csv");
        Object[] onEight = {"--memory", "6MB", "--top-fraction", "0.5", "--threads", 8};
        assertEquals(0, streamed("sketch", onEight).code());
        assertArrayEquals(first, file("sketch", "layer5", "detectors.csv"), "on 8 threads");
    }

    @Test
    void memoryTooSmallForASketchIsRefused() {
        Cli run = streamed("small", "--memory", "100kB");
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains("--memory"), run.toString());
        assertFalse(Files.exists(folder.resolve("small/run.json")));
    }

    @Test
    void anInterruptedRunGoesOnBehindItsFirstPass() throws IOException {
        assertEquals(0, streamed("whole").code());
        // a run killed in its second pass leaves its thresholds, and no tables
        ObjectNode record = JSON.createObjectNode();
        record.set("settings", json("whole", "run.json").path("settings"));
        record.put("memory", 1);
        record.put("kernels", Engines.fingerprint(ComputeDevice.AUTO).digest());
        for (String layer : LAYERS) {
            ObjectNode stored = record.withObject("/layers/" + layer + "/0.005");
            stored.put("rankError", 0.0);
            double[] values = new double
                    [json("whole", layer + "/summary.json").path("units").asInt()];
            for (CSVRecord row :
                    Tables.read(folder.resolve("whole").resolve(layer).resolve("detectors.csv"))) {
                values[Integer.parseInt(row.get("channel"))] = Double.parseDouble(row.get("threshold"));
            }
            stored.set("values", JSON.valueToTree(values));
        }
        Path partial = Files.createDirectories(folder.resolve("rest")).resolve("thresholds.json.partial");
        Files.writeString(partial, record.toString());
        Cli rest = streamed("rest");
        assertEquals(0, rest.code(), rest.toString());
        assertTrue(rest.err().contains("those of an interrupted run"), rest.err());
        assertFalse(rest.err().contains("first pass"), rest.err());
        assertSame("rest");
        assertFalse(Files.exists(partial));
    }

    @Test
    void noCacheAndACacheAreRefused() {
        Cli run = streamed("both", "--cache", folder.resolve("cache"));
        assertEquals(2, run.code(), run.toString());
        assertNotEquals("", run.errorLine());
    }
}
