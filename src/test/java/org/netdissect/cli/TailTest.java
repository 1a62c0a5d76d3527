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
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.Tables;

/** The lower tail of the sample's layers: layer5.bn2 has values below 0, layer5 ends in a ReLU. */
class TailTest {
    private static final String SIGNED = "layer5.bn2";
    private static final String LOWER = SIGNED + "-lower";

    @TempDir
    static Path folder;

    private static Cli both;

    @BeforeAll
    static void dissectBothTails() {
        both = dissect("both", "--layer", SIGNED, "--layer", "layer5", "--tail", "both", "--top-images", 2);
    }

    /** Dissects with a shared cache, unless another is given. */
    private static Cli dissect(String out, Object... more) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--limit", 40, "--out", folder.resolve(out)));
        args.addAll(List.of(more));
        if (!args.contains("--cache") && !args.contains("--no-cache")) {
            args.addAll(List.of("--cache", folder.resolve("cache")));
        }
        return Cli.run(args.toArray());
    }

    private static Path file(String out, String layer, String name) {
        return folder.resolve(out).resolve(layer).resolve(name);
    }

    private static String table(String out, String layer) throws IOException {
        return Files.readString(file(out, layer, "detectors.csv"));
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    @Test
    void bothTailsAreLayersOfTheirOwnAndTheTablesTellThem() throws IOException {
        assertEquals(0, both.code(), both.toString());
        List<String> names = new ArrayList<>();
        json(folder.resolve("both/run.json"))
                .path("layers")
                .forEach(layer -> names.add(layer.path("name").asText()));
        assertEquals(List.of("layer5", "layer5-lower", SIGNED, LOWER), names);
        assertEquals(
                "both",
                json(folder.resolve("both/run.json")).at("/settings/tail").asText());
        for (String name : names) {
            String tail = name.endsWith("-lower") ? "lower" : "upper";
            assertEquals(
                    tail, json(file("both", name, "summary.json")).path("tail").asText());
            assertTrue(table("both", name).lines().findFirst().orElseThrow().endsWith(",channel,threshold,tail,tied"));
            for (CSVRecord row : Tables.read(file("both", name, "detectors.csv"))) {
                assertEquals(tail, row.get("tail"));
                assertEquals(name.equals("layer5-lower") ? "1" : "0", row.get("tied"));
            }
            assertTrue(both.out().contains("Best units of " + name + "\n"), both.out());
        }
        for (CSVRecord row : Tables.read(file("both", LOWER, "detectors.csv"))) {
            assertTrue(Double.parseDouble(row.get("threshold")) < 0, "with its own sign");
        }
        assertTrue(Files.readString(folder.resolve("both/report/" + LOWER + ".html"))
                .contains("below its threshold"));
        assertFalse(Files.readString(folder.resolve("both/report/" + SIGNED + ".html"))
                .contains("below its threshold"));
    }

    @Test
    void theUpperTailIsAsItIsAlone() throws IOException {
        assertEquals(0, dissect("upper", "--layer", SIGNED, "--no-report").code());
        assertEquals(table("upper", SIGNED), table("both", SIGNED).replaceAll("(?m),(tail,tied|upper,0)$", ""));
        assertTrue(json(folder.resolve("upper/run.json")).at("/settings/tail").isMissingNode());
        Cli again = dissect("upper", "--layer", SIGNED, "--tail", "upper", "--no-report");
        assertEquals(0, again.code(), "the same settings: " + again);
        Cli other = dissect("upper", "--layer", SIGNED, "--tail", "lower", "--no-report");
        assertEquals(2, other.code(), other.toString());
        assertTrue(other.errorLine().contains("tail is not given there"), other.errorLine());
    }

    @Test
    void theLowerTableEqualsTheDefinition() throws IOException {
        Path activations = Path.of(json(folder.resolve("both/run.json"))
                .at("/layers/3/activations")
                .asText());
        NaiveDissection naive = new NaiveDissection(Path.of("broden-sample"), activations, 0.005, 0, 16, true);
        List<CSVRecord> rows = Tables.read(file("both", LOWER, "detectors.csv"));
        assertEquals(160, rows.size());
        double greatest = 0;
        for (CSVRecord row : rows) {
            int unit = Integer.parseInt(row.get("channel"));
            assertEquals(naive.thresholds[unit], Float.parseFloat(row.get("threshold")));
            for (int i = 0; i < naive.categories().size(); i++) {
                greatest = Math.max(greatest, SampleRunTest.assertBestLabel(naive, row, unit, i));
            }
        }
        assertTrue(greatest > 0.04, "there is something to compare: " + greatest);
    }

    @Test
    void aReluSaysThatItsLowerTailIsTied() throws IOException {
        String note = "note: layer layer5: the lower tail of 160 of 160 units is tied at its least value, as behind a "
                + "ReLU: they mark nothing";
        assertEquals(1, both.err().lines().filter(note::equals).count(), both.err());
        assertFalse(both.err().contains(SIGNED + ": the lower tail"), both.err());
        assertEquals(
                160,
                json(file("both", "layer5-lower", "summary.json"))
                        .path("tiedUnits")
                        .asInt());
        assertEquals(
                0, json(file("both", LOWER, "summary.json")).path("tiedUnits").asInt(-1));
        assertTrue(
                json(file("both", "layer5", "summary.json")).path("tiedUnits").isNull());

        // with >= the zeros would cover whole images
        Cli atLeast = dissect(
                "atleast",
                "--layer",
                "layer5",
                "--layer",
                SIGNED,
                "--tail",
                "lower",
                "--comparison",
                "at-least",
                "--top-images",
                1);
        assertEquals(0, atLeast.code(), atLeast.toString());
        for (CSVRecord row : Tables.read(file("atleast", "layer5-lower", "detectors.csv"))) {
            assertEquals("0.0", row.get("score"));
            assertEquals("0.0", row.get("threshold"));
        }
        assertNotEquals(
                "0.0",
                Tables.read(file("atleast", LOWER, "detectors.csv")).get(0).get("score"));
        assertReportComesAgain("atleast", 1);
    }

    private static void assertReportComesAgain(String out, int topImages) throws IOException {
        String page = Files.readString(folder.resolve(out).resolve("report/" + LOWER + ".html"));
        assertTrue(page.contains(", activation -"), "activations have their own sign");
        Cli again = Cli.run("report", folder.resolve(out), "--top-images", topImages);
        assertEquals(0, again.code(), again.toString());
        assertEquals(page, Files.readString(folder.resolve(out).resolve("report/" + LOWER + ".html")));
    }

    @Test
    void theReportComesAgain() throws IOException {
        assertReportComesAgain("both", 2);
    }

    @Test
    void thresholdsOfBothTailsAreKeptAndOldCachesGoOn() throws IOException {
        assertFalse(both.err().contains("thresholds of"), "found in the forward pass: " + both.err());
        Cli cached = dissect("lower", "--layer", SIGNED, "--tail", "lower", "--no-report");
        assertEquals(0, cached.code(), cached.toString());
        assertFalse(cached.err().contains("thresholds of") || cached.err().contains("activations:"), cached.err());
        assertEquals(table("both", LOWER), table("lower", LOWER));
        assertFalse(Files.exists(folder.resolve("lower").resolve(SIGNED)));

        Path old = folder.resolve("old-cache");
        assertEquals(
                0,
                dissect("old", "--layer", SIGNED, "--no-report", "--cache", old).code());
        for (String memory : List.of("1GB", "10kB")) {
            // one pass over the cache, or three: stored thresholds are deleted in between
            Object[] args = {"--layer", SIGNED, "--tail", "lower", "--no-report", "--cache", old, "--memory", memory};
            Cli scanned = dissect("old-" + memory, args);
            assertEquals(0, scanned.code(), scanned.toString());
            assertTrue(scanned.err().contains("thresholds of " + SIGNED), scanned.err());
            assertFalse(scanned.err().contains("activations:"), scanned.err());
            assertEquals(table("both", LOWER), table("old-" + memory, LOWER));
            try (var files = Files.walk(old)) {
                for (Path file : files.filter(
                                path -> path.getFileName().toString().startsWith("thresholds-lower"))
                        .toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    void withoutACacheTheTablesAreTheSame() throws IOException {
        Object[] args = {"--layer", SIGNED, "--layer", "layer5", "--tail", "both", "--no-report", "--no-cache"};
        Cli streamed = dissect("streamed", args);
        assertEquals(0, streamed.code(), streamed.toString());
        for (String layer : List.of(SIGNED, LOWER, "layer5", "layer5-lower")) {
            assertEquals(table("both", layer), table("streamed", layer));
            assertEquals(json(file("both", layer, "summary.json")), json(file("streamed", layer, "summary.json")));
        }
        Object[] half = {"--layer", SIGNED, "--tail", "lower", "--no-report", "--cache-precision", "float16"};
        assertEquals(0, dissect("half", half).code());
        Object[] halfStreamed = {
            "--layer", SIGNED, "--tail", "lower", "--no-report", "--cache-precision", "float16", "--no-cache"
        };
        assertEquals(0, dissect("half-streamed", halfStreamed).code());
        assertEquals(table("half", LOWER), table("half-streamed", LOWER));
        assertNotEquals(table("both", LOWER), table("half", LOWER));
    }

    @Test
    void otherCommandsTakeTheLowerTailForALayer() throws IOException {
        Path run = folder.resolve("both");
        Cli compared = Cli.run("compare", run, "--out", folder.resolve("compared"));
        assertEquals(0, compared.code(), compared.toString());
        assertTrue(compared.out().contains(LOWER), compared.out());
        Cli table = Cli.run("table", file("both", LOWER, "detectors.csv"));
        assertEquals(0, table.code(), table.toString());
        Cli explained = Cli.run(
                "explain",
                run,
                Path.of("broden-sample/images/materials/brick_0360.jpg"),
                "--layer",
                LOWER,
                "--no-page");
        assertEquals(0, explained.code(), explained.toString());
        assertTrue(explained.out().contains(LOWER + ": "), explained.out());
        Object[] required = {
            "--layer", SIGNED, "--tail", "lower", "--no-report", "--require", LOWER + ":detectors>=1000"
        };
        Cli unmet = dissect("required", required);
        assertEquals(3, unmet.code(), unmet.toString());
        Cli unknown = dissect("unknown", "--layer", SIGNED, "--tail", "lower", "--require", SIGNED + ":detectors>=1");
        assertEquals(2, unknown.code(), unknown.toString());
        assertTrue(unknown.errorLine().contains("layers are " + LOWER), unknown.errorLine());
    }

    @Test
    void givenThresholdsAreOfOneTail() throws IOException {
        Path lower = file("both", LOWER, "detectors.csv");
        for (Object[] storage : new Object[][] {{}, {"--no-cache"}}) {
            List<Object> args = new ArrayList<>(
                    List.of("--layer", SIGNED, "--tail", "lower", "--thresholds", lower, "--no-report", "--overwrite"));
            args.addAll(List.of(storage));
            Cli given = dissect("given", args.toArray());
            assertEquals(0, given.code(), given.toString());
            assertEquals(Files.readString(lower), table("given", LOWER));
        }
        Cli refused = dissect("refused", "--layer", SIGNED, "--tail", "both", "--thresholds", lower);
        assertEquals(2, refused.code(), refused.toString());
        assertEquals(1, refused.errorLine().lines().count());
        assertTrue(refused.errorLine().contains("of one tail"), refused.errorLine());
    }

    @Test
    void anotherRunClearsTheLowerTablesAway() {
        Object[] more = {"--layer", SIGNED, "--tail", "both", "--iou", "0.04,0.1", "--split", "train,val", "--no-report"
        };
        assertEquals(0, dissect("cleared", more).code());
        assertTrue(Files.exists(file("cleared", LOWER, "sweep.csv")));
        assertTrue(Files.exists(file("cleared", SIGNED, "splits.csv")));
        Cli plain = dissect("cleared", "--layer", SIGNED, "--no-report", "--overwrite");
        assertEquals(0, plain.code(), plain.toString());
        assertFalse(Files.exists(folder.resolve("cleared").resolve(LOWER)));
        assertFalse(Files.exists(file("cleared", SIGNED, "sweep.csv"))
                || Files.exists(file("cleared", SIGNED, "splits.csv")));
    }
}
