package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.GridSize;
import org.netdissect.base.Tables;
import org.netdissect.broden.TinyProbe;

/** Explanations of images of the bundled sample, from the run to the masks. */
class ExplainCommandTest {
    private static final int IMAGES = 24;
    private static final Path SAMPLE = Path.of("broden-sample");

    @TempDir
    static Path folder;

    private static Path run;
    private static List<Path> images;
    private static NaiveDissection naive;

    @BeforeAll
    static void dissect() throws IOException {
        run = folder.resolve("run");
        Cli dissected = Cli.run(
                "dissect",
                "--cache",
                folder.resolve("cache"),
                "--out",
                run,
                "--limit",
                IMAGES,
                "--interpolation",
                "half-pixel");
        assertEquals(0, dissected.code(), dissected.toString());
        List<String> rows = Files.readAllLines(SAMPLE.resolve("index.csv"));
        images = rows.subList(1, IMAGES + 1).stream()
                .map(row -> SAMPLE.resolve("images").resolve(row.substring(0, row.indexOf(','))))
                .toList();
        JsonNode record = new ObjectMapper().readTree(run.resolve("run.json").toFile());
        naive = new NaiveDissection(
                SAMPLE, Path.of(record.at("/layers/1/activations").asText()), 0.005);
    }

    private static Cli explain(Object... more) {
        List<Object> args = new ArrayList<>(List.of("explain"));
        args.addAll(List.of(more));
        return Cli.run(args.toArray());
    }

    private static JsonNode json(Object... more) throws IOException {
        List<Object> args = new ArrayList<>(List.of(more));
        args.add("--json");
        Cli explained = explain(args.toArray());
        assertEquals(0, explained.code(), explained.toString());
        return new ObjectMapper().readTree(explained.out());
    }

    private static Map<Integer, JsonNode> byUnit(JsonNode layer) {
        Map<Integer, JsonNode> units = new TreeMap<>();
        layer.path("mostActive").forEach(unit -> units.put(unit.path("unit").asInt(), unit));
        return units;
    }

    private static int count(boolean[] mask) {
        int count = 0;
        for (boolean pixel : mask) {
            count += pixel ? 1 : 0;
        }
        return count;
    }

    /** Activations equal those of the run bit by bit, and masks follow on the grid of the input, for every unit. */
    @Test
    void masksOfTheProbeSetsImagesEqualTheNaiveOnes() throws IOException {
        int active = 0;
        for (int image : new int[] {0, 7, IMAGES - 1}) {
            JsonNode layer = json(run, images.get(image), "--layer", "layer5", "--units", "1000")
                    .at("/layers/0");
            Map<Integer, JsonNode> units = byUnit(layer);
            for (int unit = 0; unit < 160; unit++) {
                int pixels = count(naive.mask(image, unit, 224, 224, 224, 224));
                JsonNode found = units.get(unit + 1);
                assertEquals(
                        pixels,
                        found == null ? 0 : found.path("maskPixels").asInt(),
                        images.get(image) + ", unit " + (unit + 1));
                assertEquals(pixels > 0, found != null);
            }
            assertEquals(units.size(), layer.path("active").asInt());
            active += units.size();
        }
        assertTrue(active > 50, active + " active units would show little");
    }

    @Test
    void anImageThatIsToBeTurnedIsTakenAsStoredWhichANoteSays() throws IOException {
        BufferedImage image = new BufferedImage(224, 224, BufferedImage.TYPE_3BYTE_BGR);
        java.io.ByteArrayOutputStream jpeg = new java.io.ByteArrayOutputStream();
        assertTrue(javax.imageio.ImageIO.write(image, "jpeg", jpeg));
        byte[] stored = jpeg.toByteArray();
        byte[] exif = java.util.HexFormat.of()
                .parseHex(
                        "ffe10022457869660000" + "4d4d002a00000008" + "0001" + "011200030000000100060000" + "00000000");
        Path plain = Files.write(folder.resolve("plain.jpg"), stored);
        java.io.ByteArrayOutputStream turned = new java.io.ByteArrayOutputStream();
        turned.write(stored, 0, 2);
        turned.writeBytes(exif);
        turned.write(stored, 2, stored.length - 2);
        Path file = Files.write(folder.resolve("turned.jpg"), turned.toByteArray());
        Cli told = explain(run, file, "--no-page");
        assertEquals(0, told.code(), told.toString());
        assertTrue(told.err().contains("note: the camera's Exif data ask to turn " + file), told.toString());
        assertFalse(explain(run, plain, "--no-page").err().contains("Exif"));
    }

    /** For one image with labels on the input's grid, |M_k| in the table is the size of the unit's mask here. */
    @ParameterizedTest
    @CsvSource({"float32,half-pixel,above,224", "float16,align-corners,above,224", "float32,receptive-field,at-least,96"
    })
    void masksAreThoseOfTheRunWithItsSettings(String precision, String interpolation, String comparison, int side)
            throws IOException {
        Random random = new Random(5);
        BufferedImage noise = new BufferedImage(120, 100, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 120 * 100; i++) {
            noise.setRGB(i % 120, i / 120, i % 120 < 60 ? random.nextInt(1 << 24) : i * 77);
        }
        Path probe = TinyProbe.in(folder.resolve("probe-" + interpolation + side))
                .category("scene")
                .label(1, "noise-s", "scene", 1)
                .image("noise.png", "train", noise, new GridSize(side, side))
                .cell("scene", "1")
                .write();
        Path out = folder.resolve("out-" + interpolation + side);
        Cli dissected = Cli.run(
                "dissect",
                "--model",
                SAMPLE.resolve("scenenet.pt"),
                "--probe",
                probe,
                "--layer",
                "layer4",
                "--out",
                out,
                "--cache",
                folder.resolve("cache"),
                "--input-size",
                side + "," + side,
                "--cache-precision",
                precision,
                "--interpolation",
                interpolation,
                "--comparison",
                comparison,
                "--top-fraction",
                "0.2");
        assertEquals(0, dissected.code(), dissected.toString());
        Cli explained = explain(out, probe.resolve("images/noise.png"), "--units", "1000", "--json");
        assertEquals(0, explained.code(), explained.toString());
        assertTrue(explained.err().contains("100x120 (height x width)"), explained.err());
        Map<Integer, JsonNode> units =
                byUnit(new ObjectMapper().readTree(explained.out()).at("/layers/0"));
        assertTrue(units.size() > 100, units.size() + " units");
        for (CSVRecord row : Tables.read(out.resolve("layer4/detectors.csv"))) {
            JsonNode unit = units.get(Integer.parseInt(row.get("unit")));
            assertEquals(
                    Integer.parseInt(row.get("scene-activation")),
                    unit == null ? 0 : unit.path("maskPixels").asInt(),
                    "unit " + row.get("unit"));
        }
    }

    @Test
    void everyUnitHasItsConceptAndPlace() throws IOException {
        JsonNode document = json(run, images.get(7), "--units", "1000");
        assertEquals(List.of("layer4", "layer5"), List.copyOf(document.findValuesAsText("layer")));
        for (JsonNode layer : document.path("layers")) {
            Map<String, CSVRecord> table =
                    Tables.byUnit(run.resolve(layer.path("layer").asText()).resolve("detectors.csv"));
            int detectors = 0;
            double last = 1;
            for (JsonNode unit : layer.path("mostActive")) {
                CSVRecord row =
                        Objects.requireNonNull(table.get(unit.path("unit").asText()));
                assertEquals(row.get("channel"), unit.path("channel").asText());
                assertEquals(row.get("label"), unit.path("label").asText(""));
                assertEquals(row.get("category"), unit.path("category").asText(""));
                assertEquals(row.get("score"), unit.path("score").asText());
                assertEquals(row.get("threshold"), unit.path("threshold").asText());
                assertEquals(
                        unit.path("score").asDouble() > 0.04,
                        unit.path("isDetector").asBoolean());
                assertTrue(unit.path("peak").asDouble() > unit.path("threshold").asDouble());
                assertTrue(unit.path("area").asDouble() <= last, "largest areas first");
                last = unit.path("area").asDouble();
                assertEquals(unit.path("maskPixels").asInt() / (224.0 * 224), last);
                detectors += unit.path("isDetector").asBoolean() ? 1 : 0;
                assertInside(unit);
            }
            assertEquals(detectors, layer.path("activeDetectors").asInt());
        }
    }

    private static void assertInside(JsonNode unit) {
        JsonNode box = unit.path("box");
        int pixels = 0;
        for (JsonNode region : unit.path("regions")) {
            JsonNode part = region.path("box");
            assertTrue(part.path("left").asInt() >= box.path("left").asInt());
            assertTrue(right(part, "left", "width") <= right(box, "left", "width"));
            assertTrue(right(part, "top", "height") <= right(box, "top", "height"));
            pixels += region.path("maskPixels").asInt();
        }
        assertEquals(unit.path("maskPixels").asInt(), pixels);
        assertTrue(right(box, "left", "width") <= 224 && right(box, "top", "height") <= 224);
    }

    private static int right(JsonNode box, String from, String length) {
        return box.path(from).asInt() + box.path(length).asInt();
    }

    @Test
    void optionsChooseUnitsAndTheirOrder() throws IOException {
        Path image = images.get(0);
        JsonNode all = json(run, image, "--layer", "layer4", "--units", "1000").at("/layers/0/mostActive");
        JsonNode some = json(run, image, "--layer", "layer4", "--units", "3").at("/layers/0/mostActive");
        assertEquals(3, some.size());
        assertEquals(all.get(2), some.get(2));
        JsonNode peaks = json(run, image, "--layer", "layer4", "--units", "1000", "--sort", "peak")
                .at("/layers/0/mostActive");
        assertEquals(all.size(), peaks.size());
        assertNotEquals(all, peaks);
        double last = Double.POSITIVE_INFINITY;
        for (JsonNode unit : peaks) {
            assertTrue(unit.path("peakByThreshold").asDouble() <= last);
            last = unit.path("peakByThreshold").asDouble();
        }
        JsonNode detectors = json(run, image, "--layer", "layer?", "--units", "1000", "--detectors-only");
        assertEquals(2, detectors.path("layers").size());
        for (JsonNode layer : detectors.path("layers")) {
            assertEquals(
                    layer.path("activeDetectors").asInt(),
                    layer.path("mostActive").size());
            assertFalse(layer.path("mostActive").findValuesAsText("isDetector").contains("false"));
        }
    }

    @Test
    void theTableNamesClassesUnitsAndPlaces() {
        Path beach = SAMPLE.resolve("images/scenes/beach_0003.jpg");
        Cli explained = explain(run, beach, "--layer", "layer5", "--units", "4", "--top-classes", "2");
        assertEquals(0, explained.code(), explained.toString());
        List<String> lines = explained.out().lines().toList();
        assertTrue(lines.get(0).matches("class +index +probability"), lines.get(0));
        assertTrue(lines.get(1).matches("beach-s +3 +0\\.\\d{4}"), lines.get(1));
        assertEquals("", lines.get(3), "two classes");
        assertTrue(
                explained.out().contains("of 160 units are active, ")
                        && explained.out().contains("; the first 4"),
                explained.out());
        long rows = lines.stream()
                .filter(line -> line.matches(".+ +\\d+ +0\\.\\d{3} +\\d+\\.\\d+% .* \\d+-\\d+ +\\d+-\\d+"))
                .count();
        assertEquals(4, rows, explained.out());
        Path page = run.resolve("explain/beach_0003.jpg.html");
        assertEquals("Page: " + page, lines.get(lines.size() - 1));
        assertTrue(Files.exists(page));
    }

    @Test
    void thePageGoesWhereItIsWanted() throws IOException {
        Path file = folder.resolve("pages/here.html");
        JsonNode document = json(run, images.get(3), "--layer", "layer5", "--units", "7", "--out", file);
        assertEquals(file.toString(), document.path("page").asText());
        String page = Files.readString(file);
        assertEquals(7, page.split("<li class=\"unit", -1).length - 1);
        JsonNode first = document.at("/layers/0/mostActive/0");
        assertTrue(page.contains("id=\"layer-0-unit-" + first.path("unit").asText() + "\""));
        JsonNode none = json(run, images.get(3), "--layer", "layer5", "--no-page");
        assertTrue(none.path("page").isNull());
        assertFalse(Files.exists(run.resolve("explain").resolve(images.get(3).getFileName() + ".html")));
    }

    @Test
    void anotherSizeIsResizedAndPlacesAreInItsPixels() throws IOException {
        BufferedImage small = javax.imageio.ImageIO.read(images.get(7).toFile());
        BufferedImage large = new BufferedImage(2 * 224, 3 * 224, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < large.getHeight(); y++) {
            for (int x = 0; x < large.getWidth(); x++) {
                large.setRGB(x, y, small.getRGB(x / 2, y / 3));
            }
        }
        Path file = folder.resolve("large.png");
        javax.imageio.ImageIO.write(large, "png", file.toFile());
        JsonNode document = json(run, file, "--layer", "layer5", "--units", "100");
        assertEquals("[672,448]", document.path("imageSize").toString());
        assertEquals("[224,224]", document.path("inputSize").toString());
        int greatest = 0;
        for (JsonNode box : document.at("/layers/0").findValues("box")) {
            assertEquals(0, box.path("left").asInt() % 2 + box.path("width").asInt() % 2, "two columns to one");
            assertEquals(0, box.path("top").asInt() % 3 + box.path("height").asInt() % 3, "three rows to one");
            assertTrue(right(box, "left", "width") <= 448 && right(box, "top", "height") <= 672);
            greatest = Math.max(greatest, right(box, "top", "height"));
        }
        assertTrue(greatest > 448, "boxes reach down to " + greatest);
    }
}
