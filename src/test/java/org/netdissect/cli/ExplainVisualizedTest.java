package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.base.Json;
import org.netdissect.base.Tables;
import org.netdissect.broden.TinyProbe;
import org.netdissect.torchscript.TinyArchive;

/** The command explain with --visualize, on the bundled sample. */
class ExplainVisualizedTest {
    private static final Path BEACH = Path.of("broden-sample/images/scenes/beach_0003.jpg");

    @TempDir
    static Path folder;

    private static Path run = Path.of("");

    @BeforeAll
    static void dissect() {
        run = folder.resolve("run");
        done("dissect", "--limit", 20, "--layer", "layer5", "--cache", folder.resolve("cache"), "--out", run);
    }

    private static Cli done(Object... args) {
        Cli cli = Cli.run(args);
        assertEquals(0, cli.code(), cli.toString());
        return cli;
    }

    private static JsonNode attribution(Object... more) throws IOException {
        List<Object> args = new ArrayList<>(List.of("explain", run, BEACH, "--visualize", "--json"));
        args.addAll(List.of(more));
        return Json.read(done(args.toArray()).out().getBytes(StandardCharsets.UTF_8))
                .path("attribution");
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void unitsForAndAgainstHaveTheirConceptsVisualisationsAndAGrid() throws IOException {
        JsonNode found = attribution("--attributed", "3", "--no-page");
        assertEquals("beach-s", found.path("name").asText());
        assertEquals(3, found.path("class").asInt());
        JsonNode layer = found.at("/layers/0");
        assertEquals("layer5", layer.path("layer").asText());
        Map<String, CSVRecord> table = Tables.byUnit(run.resolve("layer5/detectors.csv"));
        double last = Double.POSITIVE_INFINITY;
        for (String side : List.of("for", "against")) {
            assertEquals(3, layer.path(side).size());
            for (JsonNode unit : layer.path(side)) {
                CSVRecord row = java.util.Objects.requireNonNull(
                        table.get(unit.path("unit").asText()));
                assertEquals(row.get("channel"), unit.path("channel").asText());
                assertEquals(row.get("label"), unit.path("label").asText(""));
                assertEquals(row.get("score"), unit.path("score").asText());
                assertFalse(unit.path("isVisualized").asBoolean());
            }
        }
        for (JsonNode unit : layer.path("for")) {
            assertTrue(unit.path("attribution").asDouble() > 0
                    && unit.path("attribution").asDouble() <= last);
            last = unit.path("attribution").asDouble();
        }
        assertTrue(layer.at("/against/0/attribution").asDouble() < 0);
        double places = 0;
        for (JsonNode row : layer.path("places")) {
            for (JsonNode place : row) {
                places += place.asDouble();
            }
        }
        assertEquals(layer.path("sum").asDouble(), places, 1e-6);

        String first = layer.at("/for/0/channel").asText();
        Path images = folder.resolve("images");
        done("visualize", "--run", run, "--units", first, "--steps", 2, "--size", "32,32", "--out", images);
        Path page = folder.resolve("page.html");
        List<Object> grid =
                List.of("--visualizations", images, "--attributed", "3", "--grid", "--grid-steps", "1", "--out", page);
        JsonNode shown = attribution(grid.toArray());
        assertTrue(shown.at("/layers/0/for/0/isVisualized").asBoolean());
        assertFalse(shown.at("/layers/0/for/1/isVisualized").asBoolean());
        String html = Files.readString(page);
        assertEquals(1, count(html, "<img class=\"made\""));
        assertEquals(5, count(html, "<div class=\"missing\""));
        assertEquals(1, count(html, "<img class=\"grid\" src=\"data:image/"));
        attribution(grid.toArray());
        assertEquals(html, Files.readString(page), "the same bytes again");
        List<Object> seeded = new ArrayList<>(grid);
        seeded.addAll(List.of("--seed", "5"));
        attribution(seeded.toArray());
        assertNotEquals(html, Files.readString(page));
    }

    @Test
    void anotherClassByNameOrNumber() throws IOException {
        JsonNode forest = attribution("--class", "kitchen-s", "--no-page");
        assertEquals("kitchen-s", forest.path("name").asText());
        assertEquals(forest, attribution("--class", forest.path("class").asText(), "--no-page"));
        assertNotEquals(forest.path("layers"), attribution("--no-page").path("layers"));
        Cli text = done("explain", run, BEACH, "--visualize", "--no-page");
        assertTrue(text.out().contains("Units for and against beach-s (class 3), whose score is "), text.out());
    }

    private static void refused(String message, Object... more) {
        List<Object> args = new ArrayList<>(List.of("explain", run, BEACH));
        args.addAll(List.of(more));
        refused(Cli.run(args.toArray()), message);
    }

    private static void refused(Cli cli, String message) {
        assertEquals(2, cli.code(), cli.toString());
        assertEquals(1, cli.errorLine().lines().count(), cli.toString());
        assertTrue(cli.errorLine().contains(message), cli.errorLine());
        assertEquals("", cli.out());
    }

    @Test
    void wrongOptionsAreOneLine() throws IOException {
        refused(
                "--class kitchn-s: no class has this name; did you mean kitchen-s",
                "--visualize",
                "--class",
                "kitchn-s");
        refused("--class 4000: the network has ", "--visualize", "--class", "4000");
        refused("need --visualize", "--grid");
        refused("--seed 3 without --grid", "--seed", "3");
        refused("--seed 3 without --grid", "--visualize", "--seed", "3");
        refused("--grid-steps 3 without --grid", "--visualize", "--grid-steps", "3");
        refused("--grid with --no-page", "--visualize", "--grid", "--no-page");
        refused("need --visualize", "--class", "3");
        refused("--attributed 0: expected at least 1", "--visualize", "--attributed", "0");
        refused("holds no visualizations.csv", "--visualize", "--visualizations", folder);
    }

    /** The network gives maps, and its layers b and c do not reach the output. */
    @Test
    void networksWithoutARowOfClassesAreRefused() throws IOException {
        String code = """
                class A(Module):
                  __parameters__ = []
                  __buffers__ = []
                  def forward(self: __torch__.A,
                    x: Tensor) -> Tensor:
                    return torch.mul(x, 2)
                class Net(Module):
                  __parameters__ = []
                  __buffers__ = []
                  a : __torch__.A
                  b : __torch__.A
                  def forward(self: __torch__.Net,
                    x: Tensor) -> Tensor:
                    y = (self.a).forward(x, )
                    z = (self.b).forward(y, )
                    return %s
                """;
        Path probe = TinyProbe.in(folder.resolve("probe"))
                .category("object")
                .label(1, "cat", "object", 1)
                .image("a.png", "train", new GridSize(8, 8), 0x4080c0, new GridSize(2, 2))
                .plane("object", "1 0", "0 0")
                .image("b.png", "train", new GridSize(8, 8), 0xf0a010, new GridSize(2, 2))
                .plane("object", "1 1", "0 0")
                .write();
        explainTiny(code.formatted("y"), probe, "is no row of numbers for an image, one for each class");
        explainTiny(
                code.formatted("torch.mean(y, [2, 3])"),
                probe,
                "layer b: no gradient of the class's score arrives there");
    }

    private static void explainTiny(String code, Path probe, String message) throws IOException {
        Path model = new TinyArchive().code(code).runnable("a", "A", "b", "A").writeTo(folder);
        Path out = Files.createTempDirectory(folder, "tiny");
        done(
                "dissect",
                "--model",
                model,
                "--probe",
                probe,
                "--preprocess",
                "imagenet",
                "--layer",
                "a",
                "--layer",
                "b",
                "--input-size",
                "8,8",
                "--cache",
                folder.resolve("cache"),
                "--out",
                out.resolve("run"));
        refused(Cli.run("explain", out.resolve("run"), probe.resolve("images/a.png"), "--visualize"), message);
        assertFalse(Files.exists(out.resolve("run/explain")));
    }
}
