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
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.Tables;

/** The whole program on the bundled sample. */
class SampleRunTest {
    @TempDir
    static Path folder;

    private static Path cache;
    private static Cli first;

    @BeforeAll
    static void dissectTheSample() {
        cache = folder.resolve("cache");
        first = Cli.run("dissect", "--cache", cache, "--out", folder.resolve("first"));
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    @Test
    void theSampleHasDetectorsInFourCategories() throws IOException {
        assertEquals(0, first.code(), first.toString());
        int categories = 0;
        for (String category : List.of("object", "part", "scene", "material", "texture", "color")) {
            int detectors = 0;
            for (String layer : List.of("layer4", "layer5")) {
                JsonNode summary = json(folder.resolve("first").resolve(layer).resolve("summary.json"));
                detectors += summary.at("/counts/top-label/categories/" + category + "/detectors")
                        .asInt();
            }
            categories += detectors > 0 ? 1 : 0;
        }
        assertTrue(categories >= 4, "detectors in " + categories + " categories");
        assertTrue(first.out().contains("layer5"), first.out());
        assertTrue(first.out().contains("roof"), first.out());
        assertFalse(first.out().contains("field-s"), "names are shown without their suffix");
        assertTrue(first.err().contains("activations: 400 images in"), first.err());
    }

    @Test
    void otherThresholdsRunNoForwardPass() throws IOException {
        Cli second = Cli.run("dissect", "--cache", cache, "--out", folder.resolve("second"), "--iou", "0.1");
        assertEquals(0, second.code(), second.toString());
        assertFalse(second.err().contains("activations:"), second.err());
        Cli third = Cli.run("dissect", "--cache", cache, "--out", folder.resolve("third"), "--top-fraction", "0.01");
        assertFalse(third.err().contains("activations:"), third.err());
        assertTrue(third.err().contains("thresholds of layer4"), third.err());
        assertNotEquals(
                Files.readString(folder.resolve("third/layer5/detectors.csv")),
                Files.readString(folder.resolve("second/layer5/detectors.csv")));
        assertEquals(
                Files.readString(folder.resolve("first/layer5/detectors.csv")),
                Files.readString(folder.resolve("second/layer5/detectors.csv")),
                "the IoU threshold changes counts, not the table");
        assertTrue(json(folder.resolve("second/run.json"))
                .at("/layers/0/wasCached")
                .asBoolean());
    }

    @Test
    void interpolationAndCategoriesChangeTheTables() throws IOException {
        String standard = Files.readString(folder.resolve("first/layer5/detectors.csv"));
        Cli.run("dissect", "--cache", cache, "--out", folder.resolve("corners"), "--interpolation", "align-corners");
        assertNotEquals(standard, Files.readString(folder.resolve("corners/layer5/detectors.csv")));
        Cli parts =
                Cli.run("dissect", "--cache", cache, "--out", folder.resolve("parts"), "--categories", "part,color");
        assertEquals(0, parts.code(), parts.toString());
        assertFalse(parts.err().contains("activations:"), "labels are no matter of the forward pass");
        String header =
                Files.readAllLines(folder.resolve("parts/layer5/detectors.csv")).get(0);
        assertEquals(
                "unit,category,label,score,part-label,part-truth,part-activation,part-intersect,part-iou,"
                        + "color-label,color-truth,color-activation,color-intersect,color-iou,channel,threshold",
                header);
    }

    /**
     * layer5 has five 3x3 and 5x5 convolutions and a block, all padded by half a window, so that cell 0 is at pixel 0.
     */
    @ParameterizedTest
    @ValueSource(strings = {"receptive-field", "half-pixel"})
    void theTableEqualsTheDefinitionOnFewImages(String interpolation) throws IOException {
        Path out = folder.resolve("few-" + interpolation);
        List<Object> args = new ArrayList<>(List.of(
                "dissect", "--cache", cache, "--out", out, "--limit", "30", "--layer", "layer5", "--batch", "7"));
        boolean usual = interpolation.equals("receptive-field");
        if (!usual) {
            args.addAll(List.of("--interpolation", interpolation));
        }
        Cli run = Cli.run(args.toArray());
        assertEquals(0, run.code(), run.toString());
        assertEquals(
                interpolation,
                json(out.resolve("layer5/summary.json")).path("interpolation").asText());
        Path activations = Path.of(
                json(out.resolve("run.json")).at("/layers/0/activations").asText());
        Path probe = Path.of("broden-sample");
        NaiveDissection naive = usual
                ? new NaiveDissection(probe, activations, 0.005, 0, 16)
                : new NaiveDissection(probe, activations, 0.005);
        List<CSVRecord> rows = Tables.read(out.resolve("layer5/detectors.csv"));
        assertEquals(160, rows.size());
        for (CSVRecord row : rows) {
            int unit = Integer.parseInt(row.get("channel"));
            assertEquals(unit + 1, Integer.parseInt(row.get("unit")));
            assertEquals(naive.thresholds[unit], Float.parseFloat(row.get("threshold")));
            double best = 0;
            String category = "";
            for (int i = 0; i < naive.categories().size(); i++) {
                double iou = assertBestLabel(naive, row, unit, i);
                if (iou > 0 && iou >= best) {
                    best = iou;
                    category = naive.categories().get(i);
                }
            }
            assertEquals(best, Double.parseDouble(row.get("score")), 1e-15);
            assertEquals(category, row.get("category"));
        }
    }

    static double assertBestLabel(NaiveDissection naive, CSVRecord row, int unit, int category) throws IOException {
        int best = 0;
        double bestIou = 0;
        for (Map.Entry<Integer, Long> label : naive.intersect.get(unit).entrySet()) {
            if (naive.primary(label.getKey()) == category) {
                long union = naive.truth(label.getKey()) + naive.activation[unit][category] - label.getValue();
                double iou = union == 0 ? 0 : (double) label.getValue() / union;
                if (iou > bestIou) {
                    bestIou = iou;
                    best = label.getKey();
                }
            }
        }
        String prefix = naive.categories().get(category) + "-";
        String where = "unit " + (unit + 1) + " " + prefix;
        assertEquals(bestIou, Double.parseDouble(row.get(prefix + "iou")), 1e-15, where);
        if (best > 0) {
            assertEquals(naive.truth(best), Long.parseLong(row.get(prefix + "truth")), where);
            assertEquals(naive.activation[unit][category], Long.parseLong(row.get(prefix + "activation")), where);
            assertEquals(naive.intersect.get(unit).get(best), Long.valueOf(row.get(prefix + "intersect")), where);
        }
        return bestIou;
    }

    @Test
    void jsonIsOneDocumentAndRequirementsDecideTheExitCode() throws IOException {
        Cli met = Cli.run(
                "dissect",
                "--cache",
                cache,
                "--out",
                folder.resolve("json"),
                "--json",
                "--require",
                "layer5:unique>=10",
                "--require",
                "detectors>=1",
                "--require",
                "layer5:unique-part >= 3");
        assertEquals(0, met.code(), met.toString());
        JsonNode document = new ObjectMapper().readTree(met.out());
        assertEquals("layer4", document.at("/layers/0/layer").asText());
        int detectors = document.at("/layers/1/counts/top-label/detectors").asInt();
        assertTrue(detectors >= 100, detectors + " detectors");
        Cli unmet = Cli.run(
                "dissect", "--cache", cache, "--out", folder.resolve("json"), "--require", "layer5:detectors<50");
        assertEquals(3, unmet.code(), unmet.toString());
        assertEquals(
                "netdissect: required layer5:detectors<50, but layer5 has detectors " + detectors, unmet.errorLine());
        assertTrue(Files.exists(folder.resolve("json/run.json")), "the tables are written all the same");
    }

    /** Activations are the same too: each run has a separate cache. */
    @Test
    void threadsChangeNeitherActivationsNorTables() throws IOException {
        byte[] activations = {};
        byte[] table = {};
        for (int threads : new int[] {1, 2, 8}) {
            Path out = folder.resolve("threads" + threads);
            Cli run = Cli.run(
                    "dissect",
                    "--cache",
                    folder.resolve("cache" + threads),
                    "--out",
                    out,
                    "--threads",
                    threads,
                    "--limit",
                    "50",
                    "--layer",
                    "layer4",
                    "--layer",
                    "fc");
            assertEquals(0, run.code(), run.toString());
            Path array = Path.of(
                    json(out.resolve("run.json")).at("/layers/1/activations").asText());
            byte[] itsActivations = Files.readAllBytes(array);
            byte[] itsTable = Files.readAllBytes(out.resolve("layer4/detectors.csv"));
            if (threads == 1) {
                activations = itsActivations;
                table = itsTable;
            }
            assertArrayEquals(activations, itsActivations, threads + " threads");
            assertArrayEquals(table, itsTable, threads + " threads");
        }
    }

    @Test
    void halfPrecisionIsNearAndKeepsItsOwnCache() throws IOException {
        Path out = folder.resolve("half");
        Cli half = Cli.run(
                "dissect",
                "--cache",
                cache,
                "--out",
                out,
                "--limit",
                "60",
                "--layer",
                "layer5",
                "--cache-precision",
                "float16");
        assertEquals(0, half.code(), half.toString());
        assertTrue(half.err().contains("activations:"), "float32 activations are no float16 ones");
        Cli single = Cli.run(
                "dissect", "--cache", cache, "--out", folder.resolve("single"), "--limit", "60", "--layer", "layer5");
        assertEquals(0, single.code(), single.toString());
        assertTrue(single.err().contains("activations:"), "float16 activations are no float32 ones");
        Map<String, CSVRecord> units = Tables.byUnit(folder.resolve("single/layer5/detectors.csv"));
        for (CSVRecord row : Tables.read(out.resolve("layer5/detectors.csv"))) {
            double score = Double.parseDouble(
                    Objects.requireNonNull(units.get(row.get("unit"))).get("score"));
            assertEquals(score, Double.parseDouble(row.get("score")), 0.01, "unit " + row.get("unit"));
        }
    }

    @Test
    void givenThresholdsAreUsed() throws IOException {
        Path table = folder.resolve("first/layer5/detectors.csv");
        Path out = folder.resolve("given");
        Cli given = Cli.run("dissect", "--cache", cache, "--out", out, "--layer", "layer5", "--thresholds", table);
        assertEquals(0, given.code(), given.toString());
        assertEquals(Files.readString(table), Files.readString(out.resolve("layer5/detectors.csv")));
        Path high = Files.writeString(folder.resolve("high.csv"), highThresholds());
        Cli nothing = Cli.run(
                "dissect", "--cache", cache, "--out", out, "--layer", "layer5", "--thresholds", high, "--overwrite");
        assertEquals(0, nothing.code(), nothing.toString());
        assertEquals(
                "0.0", Tables.read(out.resolve("layer5/detectors.csv")).get(0).get("score"));
    }

    private static String highThresholds() {
        StringBuilder text = new StringBuilder("threshold,unit\n");
        for (int unit = 1; unit <= 160; unit++) {
            text.append("1e30,").append(unit).append('\n');
        }
        return text.toString();
    }

    @Test
    void nothingButTheRunLiesInTheRunDirectory() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("first"))) {
            List<String> names = files.filter(Files::isRegularFile)
                    .map(file -> folder.resolve("first").relativize(file).toString())
                    .filter(name -> !name.matches("report/(images/[0-9]{6}\\.jpg|charts/[a-z0-9-]+\\.(svg|png))"))
                    .sorted()
                    .toList();
            assertEquals(
                    List.of(
                            "layer4/chance.csv",
                            "layer4/detectors.csv",
                            "layer4/summary.json",
                            "layer5/chance.csv",
                            "layer5/detectors.csv",
                            "layer5/summary.json",
                            "report.html",
                            "report/layer4-concepts.js",
                            "report/layer4.html",
                            "report/layer5-concepts.js",
                            "report/layer5.html",
                            "run.json"),
                    names);
        }
    }

    @Test
    void theReportIsMadeAgainFromTheRunAndTheTablesStay() throws IOException {
        Path out = folder.resolve("again");
        Cli run = Cli.run("dissect", "--cache", cache, "--out", out, "--layer", "layer5", "--top-images", "4");
        assertEquals(0, run.code(), run.toString());
        String first = Files.readString(out.resolve("report.html"));
        String record = Files.readString(out.resolve("run.json"));
        assertEquals(160 * 4, count(first, "data-image="));
        Cli same = Cli.run("report", out, "--top-images", "4");
        assertEquals(0, same.code(), same.toString());
        assertEquals(first, Files.readString(out.resolve("report.html")), "the run's own report");
        Cli fewer = Cli.run("report", out, "--top-images", "1");
        assertEquals(0, fewer.code(), fewer.toString());
        assertEquals(160, count(Files.readString(out.resolve("report.html")), "data-image="));
        assertEquals(record, Files.readString(out.resolve("run.json")));
        // a run without a report deletes the old one
        Cli none = Cli.run("dissect", "--cache", cache, "--out", out, "--layer", "layer5", "--no-report");
        assertEquals(0, none.code(), none.toString());
        assertFalse(Files.exists(out.resolve("report.html")) || Files.exists(out.resolve("report")));
    }

    @Test
    void aReportThatCannotBeMadeAgainSaysWhyInOneLine() throws IOException {
        Cli nothing = Cli.run("report", folder.resolve("nowhere"));
        assertEquals(2, nothing.code(), nothing.toString());
        assertTrue(nothing.errorLine().contains("expected a run directory"), nothing.errorLine());
        Path out = folder.resolve("uncached");
        Cli run = Cli.run("dissect", "--no-cache", "--out", out, "--layer", "layer5", "--limit", "20");
        assertEquals(0, run.code(), run.toString());
        assertTrue(Files.readString(out.resolve("report.html")).contains("data-image="), "it has a report");
        Cli uncached = Cli.run("report", out);
        assertEquals(2, uncached.code(), uncached.toString());
        assertTrue(uncached.errorLine().contains("kept no activations of layer5"), uncached.errorLine());
        Cli wrong = Cli.run("report", out, "--top-images", "-2");
        assertEquals(2, wrong.code(), wrong.toString());
        String record = Files.readString(out.resolve("run.json"));
        Files.writeString(out.resolve("run.json"), record.replaceFirst("\"name\" : \"layer5\"", "\"name\" : \"\""));
        Cli damaged = Cli.run("report", out);
        assertEquals(2, damaged.code(), damaged.toString());
        assertTrue(damaged.errorLine().contains("a layer without a name"), damaged.errorLine());
    }

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }
}
