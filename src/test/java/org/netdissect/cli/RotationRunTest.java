package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.activation.rotation.Rotation;
import org.netdissect.base.Tables;

/** The axis-alignment experiment on some images of the bundled sample. */
class RotationRunTest {
    private static final int UNITS = 160;

    @TempDir
    static Path folder;

    private static Cli own;

    /** The first run fills the cache with the network's activations, although it is rotated. */
    @BeforeAll
    static void dissect() {
        Cli first = dissect("first", "--rotate", "0.6", "--seed", "3");
        assertEquals(0, first.code(), first.toString());
        own = dissect("own");
        assertEquals(0, own.code(), own.toString());
    }

    private static Cli dissect(String out, Object... more) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--limit", 40, "--layer", "layer5"));
        args.addAll(List.of("--cache", folder.resolve("cache"), "--out", folder.resolve(out)));
        args.addAll(List.of(more));
        if (!args.contains("--top-images")) {
            args.add("--no-report");
        }
        return Cli.run(args.toArray());
    }

    private static String table(String out) throws IOException {
        return Files.readString(folder.resolve(out).resolve("layer5/detectors.csv"));
    }

    private static JsonNode json(String out, String file) throws IOException {
        return new ObjectMapper()
                .readTree(Files.readAllBytes(folder.resolve(out).resolve(file)));
    }

    @Test
    void noRotationIsTheNetworksOwnBasis() throws IOException {
        assertFalse(own.err().contains("activations:"), "the rotated run had filled the cache");
        assertNotEquals(table("own"), table("first"));
        Cli none = dissect("none", "--rotate", "0", "--seed", "9");
        assertEquals(0, none.code(), none.toString());
        assertEquals(table("own"), table("none"));
        assertTrue(json("own", "layer5/summary.json").path("rotation").isNull());
        assertEquals(
                "{\"alpha\":0,\"seed\":9}",
                json("none", "layer5/summary.json").path("rotation").toString());
        assertEquals(
                "{\"alpha\":0.6,\"seed\":3}",
                json("first", "layer5/summary.json").path("rotation").toString());
        assertEquals("[3]", json("first", "run.json").path("seeds").toString());
        assertEquals("[0]", json("own", "run.json").path("seeds").toString(), "the baseline's alone");
    }

    /** Compares thresholds and counts with the definition, on activations rotated by the test. */
    @Test
    void theTableIsTheDefinitionsInTheRotatedBasis() throws IOException {
        Path activations =
                Path.of(json("own", "run.json").at("/layers/0/activations").asText());
        byte[] file = Files.readAllBytes(activations);
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int header = 10 + bytes.getShort(8);
        double[][] matrix = Rotation.random(UNITS, 3).power(0.6);
        int cells = 14 * 14;
        ByteBuffer product = ByteBuffer.wrap(file.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int image = 0; image < 40; image++) {
            for (int cell = 0; cell < cells; cell++) {
                for (int unit = 0; unit < UNITS; unit++) {
                    float sum = 0;
                    for (int k = 0; k < UNITS; k++) {
                        sum += (float) matrix[unit][k]
                                * bytes.getFloat(header + 4 * ((image * UNITS + k) * cells + cell));
                    }
                    product.putFloat(header + 4 * ((image * UNITS + unit) * cells + cell), sum);
                }
            }
        }
        Path rotated = folder.resolve("rotated.npy");
        Files.write(rotated, product.array());
        NaiveDissection naive = new NaiveDissection(Path.of("broden-sample"), rotated, 0.005, 0, 16);
        for (CSVRecord row : Tables.read(folder.resolve("first/layer5/detectors.csv"))) {
            int unit = Integer.parseInt(row.get("channel"));
            assertEquals(naive.thresholds[unit], Float.parseFloat(row.get("threshold")));
            int category = naive.categories().indexOf(row.get("category"));
            if (category >= 0) {
                String name = naive.categories().get(category);
                assertEquals(naive.activation[unit][category], Long.parseLong(row.get(name + "-activation")));
                long best = Long.parseLong(row.get(name + "-intersect"));
                assertTrue(naive.intersect.get(unit).containsValue(best), "unit " + unit);
            }
        }
    }

    @Test
    void tablesDependOnAlphaAndSeedOnly() throws IOException {
        Set<String> tables = new HashSet<>(List.of(table("own"), table("first")));
        for (Object[] other : List.of(new Object[] {"0.61", "3"}, new Object[] {"0.6", "4"})) {
            String out = "other-" + other[0] + "-" + other[1];
            assertEquals(
                    0, dissect(out, "--rotate", other[0], "--seed", other[1]).code());
            assertTrue(tables.add(table(out)), out);
        }
        // three passes for thresholds, and another number of threads
        Cli passes = dissect("passes", "--rotate", "0.60", "--seed", "3", "--memory", "10kB", "--threads", "3");
        assertEquals(0, passes.code(), passes.toString());
        assertEquals(table("first"), table("passes"));
        Cli single = dissect("passes", "--rotate", "0.6", "--seed", "3", "--threads", "1");
        assertEquals(0, single.code(), "0.60 is the same run");
        assertEquals(table("first"), table("passes"));
        Cli another = dissect("passes", "--rotate", "0.5", "--seed", "3");
        assertEquals(2, another.code(), another.toString());
        assertTrue(another.errorLine().contains("rotate is \"0.6\" there and \"0.5\" here"), another.errorLine());
    }

    @Test
    void halfPrecisionIsRotatedToo() throws IOException {
        Cli half = dissect("half", "--rotate", "0.6", "--seed", "3", "--cache-precision", "float16");
        assertEquals(0, half.code(), half.toString());
        assertEquals(
                UNITS, Tables.read(folder.resolve("half/layer5/detectors.csv")).size());
        assertNotEquals(table("first"), table("half"));
    }

    @Test
    void aSweepCountsEveryTrial() throws IOException {
        Cli sweep = dissect("sweep", "--rotate-sweep", "0,0.3,...,0.9", "--trials", 2, "--seed", 2, "--json");
        assertEquals(0, sweep.code(), sweep.toString());
        assertFalse(sweep.err().contains("activations:"), sweep.err());
        assertEquals(table("own"), table("sweep"));
        assertTrue(json("sweep", "layer5/summary.json").path("rotation").isNull());
        assertEquals("[2,3]", json("sweep", "run.json").path("seeds").toString());
        List<CSVRecord> rows = Tables.read(folder.resolve("sweep/rotation.csv"));
        assertEquals(4 * 2 * 3, rows.size());
        assertEquals(
                4 * 2,
                new ObjectMapper().readTree(sweep.out()).path("rotations").size());
        // trial 2 at alpha 0.6 has the seed of the first run
        for (CSVRecord row : rows) {
            assertEquals(Integer.parseInt(row.get("trial")) + 1, Integer.parseInt(row.get("seed")));
            String run = row.get("alpha").equals("0") ? "own" : "first";
            boolean known = run.equals("own")
                    || (row.get("alpha").equals("0.6") && row.get("trial").equals("2"));
            JsonNode counts = json(run, "layer5/summary.json").at("/counts/" + row.get("rule"));
            if (known) {
                assertEquals(counts.path("detectors").asInt(), Integer.parseInt(row.get("detectors")));
                assertEquals(counts.path("unique").asInt(), Integer.parseInt(row.get("unique")));
                assertEquals(counts.at("/categories/part/unique").asInt(), Integer.parseInt(row.get("unique-part")));
            }
        }
        Path chart = folder.resolve("sweep/charts/rotation-layer5.svg");
        assertTrue(Files.exists(chart) || sweep.err().contains("there are no charts"), sweep.err());
        Files.createDirectories(chart.getParent());
        Files.writeString(chart.resolveSibling("mine.svg"), "mine");
        assertEquals(0, dissect("sweep", "--overwrite").code());
        assertFalse(Files.exists(folder.resolve("sweep/rotation.csv")));
        assertFalse(Files.exists(chart));
        assertTrue(Files.exists(chart.resolveSibling("mine.svg")), "files of others stay");
    }

    @Test
    void theReportSaysTheBasisAndCanBeMadeAgain() throws IOException {
        Cli run = dissect("report", "--rotate", "0.6", "--seed", "3", "--top-images", "2");
        assertEquals(0, run.code(), run.toString());
        Path page = folder.resolve("report/report.html");
        String basis = "top fraction 0.005; basis rotated by 0.6 of a random rotation (seed 3)";
        String before = Files.readString(page);
        assertTrue(before.contains(basis));
        Files.delete(page);
        Cli again = Cli.run("report", folder.resolve("report"), "--top-images", "2");
        assertEquals(0, again.code(), again.toString());
        assertEquals(before, Files.readString(page));
        Cli explain = Cli.run("explain", folder.resolve("report"), "broden-sample/category.csv");
        assertEquals(2, explain.code(), explain.toString());
        assertTrue(explain.errorLine().contains("a basis rotated by 0.6"), explain.errorLine());
    }

    /** Rotated units have a lower tail, even after a ReLU. */
    @Test
    void tailsAndTopFractionsAreThoseOfTheRotatedBasis() throws IOException {
        Object[] options = {"--rotate", "0.6", "--seed", "3", "--tail", "both", "--top-fraction", "0.005,0.01"};
        List<Object> args = new ArrayList<>(List.of(options));
        args.addAll(List.of("--top-images", "1"));
        Cli run = dissect("tails", args.toArray());
        assertEquals(0, run.code(), run.toString());
        List<CSVRecord> upper = Tables.read(folder.resolve("tails/layer5/detectors.csv"));
        List<CSVRecord> alone = Tables.read(folder.resolve("first/layer5/detectors.csv"));
        for (int i = 0; i < UNITS; i++) {
            for (String column : List.of("unit", "label", "score", "threshold")) {
                assertEquals(alone.get(i).get(column), upper.get(i).get(column));
            }
        }
        String lower;
        try (var files = Files.list(folder.resolve("tails"))) {
            lower = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("layer5") && !name.equals("layer5"))
                    .findFirst()
                    .orElseThrow();
        }
        JsonNode summary = json("tails", lower + "/summary.json");
        assertEquals(0, summary.path("tiedUnits").asInt(-1), "no turned unit is tied at zero");
        Cli again = Cli.run("report", folder.resolve("tails"), "--top-images", "1");
        assertEquals(0, again.code(), again.toString());
        // the same options with more passes
        byte[] before =
                Files.readAllBytes(folder.resolve("tails").resolve(lower).resolve("detectors.csv"));
        args.addAll(List.of("--memory", "10kB"));
        assertEquals(0, dissect("tails", args.toArray()).code());
        assertArrayEquals(
                before,
                Files.readAllBytes(folder.resolve("tails").resolve(lower).resolve("detectors.csv")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rotate 1.5|--rotate 1.5: expected 0 (the network's own basis) to 1",
                "--rotate -0.1|--rotate -0.1: expected 0",
                "--rotate NaN|'NaN': expected a number",
                "--rotate 0.5 --rotate-sweep 0,1|--rotate with --rotate-sweep",
                "--trials 3|--trials 3 without --rotate-sweep",
                "--rotate 0.5 --trials 3|--trials 3 without --rotate-sweep",
                "--rotate-sweep 0,1 --trials 0|--trials 0: expected 1 to 1000",
                "--rotate-sweep 0,x|'0,x': expected rising numbers from 0 to 1",
                "--rotate-sweep 0,0.5,0.5|expected rising numbers",
                "--rotate-sweep 0,0.3,...,1|expected rising numbers",
                "--rotate-sweep 0,...,1|expected rising numbers",
                "--rotate-sweep 0,0.000000001,...,1|expected rising numbers",
                "--rotate-sweep 0,2|--rotate-sweep 2: expected 0",
                "--rotate 0.5 --thresholds t.npy|--rotate with --thresholds t.npy",
                "--rotate-sweep 0,1 --thresholds t.npy|--rotate-sweep with --thresholds t.npy",
                "--rotate 0.5 --seed x|--seed",
                "--rotate-sweep 0,1 --tail both|--rotate-sweep with --tail both",
            })
    void wrongInputIsRefusedInOneLine(String options, String message) {
        Cli run = dissect("wrong", (Object[]) options.split(" "));
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains(message), run.errorLine());
        assertEquals(1, run.errorLine().lines().count(), run.errorLine());
        assertFalse(Files.exists(folder.resolve("wrong")));
    }

    @Test
    void withoutACacheItIsRefused() {
        Cli run = Cli.run("dissect", "--no-cache", "--rotate", "0.5", "--out", folder.resolve("wrong"));
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains("--rotate with --no-cache"), run.errorLine());
        assertFalse(Files.exists(folder.resolve("wrong")));
    }
}
