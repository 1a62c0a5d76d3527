package org.netdissect.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.netdissect.architecture.family.FormulaFile;
import org.netdissect.base.Json;
import org.netdissect.base.SharedData;

/** The commands on files of weights and torch.export archives, from which TorchScript is generated. */
class WeightsRunTest {
    private static final Path SAMPLE = Path.of("broden-sample");
    private static final String LAYER = "layer3";

    @TempDir
    static Path folder;

    private static Path weights;
    private static Cli first;

    @BeforeAll
    static void dissectWeights() throws IOException {
        weights = FormulaFile.write(folder.resolve("net.safetensors"), "cifar-resnet20", 7, "module.");
        first = dissect(weights, "first");
    }

    private static Cli dissect(Path model, String out, Object... more) {
        List<Object> all = new ArrayList<>(List.of(
                "dissect",
                "--model",
                model,
                "--layer",
                LAYER,
                "--probe",
                SAMPLE,
                "--limit",
                "40",
                "--input-size",
                "32,32",
                "--preprocess",
                "imagenet",
                "--cache",
                folder.resolve("cache"),
                "--out",
                folder.resolve(out)));
        all.addAll(List.of(more));
        return Cli.run(all.toArray());
    }

    private static String table(String out) throws IOException {
        return Files.readString(folder.resolve(out).resolve(LAYER).resolve("detectors.csv"));
    }

    private static void done(Cli cli) {
        assertEquals(0, cli.code(), cli.toString());
    }

    @Test
    void whatWasRecognisedIsSaidAndRecorded() throws IOException {
        done(first);
        assertTrue(first.err().contains("cifar-resnet20, akamaster's; 7 classes"), first.err());
        JsonNode settings =
                Json.read(Files.readAllBytes(folder.resolve("first/run.json"))).get("settings");
        assertEquals("cifar-resnet20", settings.get("activations.architecture").asText());
        assertEquals("", settings.get("activations.key").asText());
        assertFalse(settings.get("activations.generator").asText().isEmpty());
    }

    @Test
    void theCacheIsUsedAgainAndReportExplainAndVisualizeOpenTheWeights() throws IOException {
        Cli second = dissect(weights, "second", "--iou", "0.01");
        done(second);
        JsonNode layers =
                Json.read(Files.readAllBytes(folder.resolve("second/run.json"))).get("layers");
        assertTrue(layers.get(0).get("wasCached").asBoolean());
        done(Cli.run("report", folder.resolve("second"), "--top-images", "2"));
        Path image = folder.resolve("image.png");
        try (Stream<Path> images = Files.walk(SAMPLE.resolve("images"))) {
            Files.copy(images.filter(Files::isRegularFile).sorted().findFirst().orElseThrow(), image);
        }
        done(Cli.run("explain", folder.resolve("second"), image, "--no-page"));
        done(Cli.run(
                "visualize", "--run", folder.resolve("second"), "--units", "0", "--size", "32,32", "--steps", "2"));
    }

    @Test
    void theSavedArchiveGivesTheSameTables() throws IOException {
        Path saved = folder.resolve("saved.pt");
        Cli layers = Cli.run("layers", weights, "--input-size", "32,32", "--save", saved);
        done(layers);
        done(dissect(saved, "from-saved"));
        assertEquals(table("first"), table("from-saved"));
        assertEquals(2, Cli.run("layers", weights, "--save", saved).code(), "an existing file stays");
    }

    @Test
    void theDescriptionBesideTheWeightsMayNameTheArchitecture() throws IOException {
        Path named = Files.copy(weights, folder.resolve("named.safetensors"));
        Files.writeString(folder.resolve("named.json"), "{\"arch\": \"resnet50\"}");
        Cli cli = Cli.run("layers", named);
        assertEquals(2, cli.code());
        assertTrue(cli.errorLine().contains("--arch resnet50"), cli.errorLine());
        // TorchScript has its code, whatever lies beside it
        Files.copy(SAMPLE.resolve("scenenet.pt"), folder.resolve("named.pt"));
        done(Cli.run("layers", folder.resolve("named.pt"), "--input-size", "32,32"));
    }

    @Test
    void otherWeightsAreNotTheNetworkOfTheRun() throws IOException {
        Path other = FormulaFile.write(folder.resolve("other.safetensors"), "cifar-resnet20", 8, "");
        Cli cli = Cli.run("visualize", "--run", folder.resolve("first"), "--model", other, "--units", "0");
        assertEquals(2, cli.code(), cli.toString());
        assertTrue(cli.errorLine().contains("is not the network of the run"), cli.errorLine());
    }

    /** A tensor that cannot be read is still no tensor of the network. */
    @Test
    void anUnreadableTensorIsNotPassedOver() throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) all.getLong(0);
        int end = all.capacity() - Long.BYTES - header;
        String json = new String(all.array(), Long.BYTES, header, UTF_8).strip();
        String odd =
                json.substring(0, json.length() - 1) + ", \"module.odd\": {\"dtype\": \"F8_E4M3\", \"shape\": [4], "
                        + "\"data_offsets\": [" + end + ", " + (end + 4) + "]}}";
        ByteBuffer changed = ByteBuffer.allocate(Long.BYTES + odd.length() + end + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(odd.length())
                .put(odd.getBytes(UTF_8))
                .put(all.array(), Long.BYTES + header, end);
        Path file = Files.write(folder.resolve("odd.safetensors"), changed.array());
        Cli cli = Cli.run("layers", file);
        assertEquals(2, cli.code(), cli.toString());
        assertTrue(cli.errorLine().contains("tensor module.odd: "), cli.errorLine());
        assertTrue(cli.errorLine().contains("cifar-resnet20 has no such tensor"), cli.errorLine());
    }

    @Test
    void allArchitecturesAreListed() {
        Cli cli = Cli.run("layers", "--arch", "list");
        done(cli);
        assertTrue(cli.out().lines().anyMatch(line -> line.startsWith("resnet18 ")), cli.out());
        assertTrue(cli.out().lines().count() > 60);
    }

    private static Stream<Arguments> wrong() {
        Path model = SAMPLE.resolve("scenenet.pt");
        return Stream.of(
                arguments(List.of("layers"), "no network given"),
                arguments(List.of("layers", model, "--arch", "resnet18"), "leave out --arch resnet18"),
                arguments(List.of("layers", model, "--key", "state_dict"), "leave out --key state_dict"),
                arguments(List.of("layers", "W", "--arch", "resnet19"), "did you mean resnet18"),
                arguments(List.of("layers", "W", "--arch", "resnet18"), "do not fit --arch resnet18: it needs "),
                arguments(List.of("layers", "W", "--key", "ema"), "has no --key ema"),
                arguments(List.of("layers", "W", "--key", "", "--arch", "vgg11"), "do not fit --arch vgg11"),
                arguments(List.of("dissect", "--arch", "resnet18"), "--arch resnet18 without --model"),
                arguments(List.of("visualize", "--run", "R", "--model", "W", "--arch", "resnet18"), "with --run"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongOptionsAreOneLine(List<Object> args, String expected) {
        Cli cli = Cli.run(args.stream()
                .map(arg -> arg.equals("W") ? weights : arg.equals("R") ? folder.resolve("first") : arg)
                .toArray());
        assertEquals(2, cli.code(), cli.toString());
        assertEquals(1, cli.errorLine().lines().count(), cli.err());
        assertTrue(cli.errorLine().contains(expected), cli.errorLine());
    }

    @Test
    void aNetworkOfOneInputSizeResizesImagesAndRefusesOthers() throws IOException {
        Path vit = SharedData.require("checkpoints/pt2").resolve("vit.v2.14.1.any.pt2");
        Cli cli = Cli.run(
                "dissect",
                "--model",
                vit,
                "--layer",
                "patch_embed",
                "--probe",
                SAMPLE,
                "--limit",
                "4",
                "--no-cache",
                "--no-report",
                "--baseline",
                "none",
                "--out",
                folder.resolve("vit"));
        done(cli);
        JsonNode run = Json.read(Files.readAllBytes(folder.resolve("vit/run.json")));
        assertEquals("64x64", run.get("settings").get("activations.input-size").asText());
        Cli layers = Cli.run("layers", vit, "--input-size", "96,96");
        assertEquals(2, layers.code(), layers.toString());
        assertTrue(layers.errorLine().contains("takes images of 64x64 only"), layers.errorLine());
        Cli other = Cli.run(
                "dissect", "--model", vit, "--layer", "patch_embed", "--probe", SAMPLE, "--input-size", "96,96");
        assertEquals(2, other.code());
        assertTrue(
                other.errorLine().contains("--input-size 96x96: the network takes images of 64x64 only"),
                other.errorLine());
    }

    @Test
    void publishedWeightsGiveTheTablesOfTheirTracedArchive() throws IOException {
        Path models = SharedData.require("models");
        Path probe = SharedData.require("probe");
        List<byte[]> tables = new ArrayList<>();
        for (String form : List.of("traced.pt", "state_dict.pth", "checkpoint.pth.tar")) {
            Path out = folder.resolve(form);
            done(Cli.run(
                    "dissect",
                    "--model",
                    models.resolve("squeezenet1_0-imagenet." + form),
                    "--layer",
                    "features.5",
                    "--layer",
                    "features.12",
                    "--probe",
                    probe,
                    "--limit",
                    "60",
                    "--channels",
                    "RGB",
                    "--pixel-scale",
                    "1",
                    "--mean",
                    "123,117,104",
                    "--std",
                    "1,1,1",
                    "--no-cache",
                    "--no-report",
                    "--baseline",
                    "none",
                    "--out",
                    out));
            tables.add(Files.readAllBytes(out.resolve("features.5/detectors.csv")));
            tables.add(Files.readAllBytes(out.resolve("features.12/detectors.csv")));
        }
        for (int i = 2; i < tables.size(); i++) {
            assertArrayEquals(tables.get(i % 2), tables.get(i));
        }
    }

    /** One image at a time, and any number: the same tables, whatever --batch says. */
    @Test
    void anExportOfOneImageGivesTheTablesOfADynamicOne() throws IOException {
        Path exports = SharedData.require("checkpoints/pt2");
        done(dissect(exports.resolve("cifar-resnet20.v2.6.0.any.pt2"), "any", "--batch", "1"));
        Cli one = dissect(exports.resolve("cifar-resnet20.v2.6.0.batch1.pt2"), "one", "--batch", "8");
        done(one);
        assertTrue(one.err().contains("--batch 8 is not used"), one.err());
        assertEquals(table("any"), table("one"));
    }

    /** The last batch is filled up. */
    @Test
    void anExportOfTwoImagesTakesAnOddNumberOfThem() throws IOException {
        Path exports = SharedData.require("checkpoints/pt2");
        Object[] options = {
            "--input-size", "64,64", "--layer", "stage2", "--limit", "5", "--memory-format", "contiguous"
        };
        List<String> tables = new ArrayList<>();
        for (String kind : List.of("batch2", "any")) {
            Path out = folder.resolve("shuffle-" + kind);
            List<Object> all = new ArrayList<>(List.of(
                    "dissect",
                    "--model",
                    exports.resolve("shufflenet.v2.6.0." + kind + ".pt2"),
                    "--probe",
                    SAMPLE,
                    "--no-cache",
                    "--no-report",
                    "--batch",
                    "2",
                    "--out",
                    out));
            all.addAll(List.of(options));
            done(Cli.run(all.toArray()));
            tables.add(Files.readString(out.resolve("stage2/detectors.csv")));
        }
        // last digits depend on the number of images in a pass
        assertEquals(16, thresholds(tables.get(0)).size());
        thresholds(tables.get(1))
                .forEach((unit, threshold) -> assertEquals(
                        threshold,
                        thresholds(tables.get(0)).getOrDefault(unit, Double.NaN),
                        1e-4 * Math.abs(threshold) + 1e-6,
                        unit));
    }

    private static Map<String, Double> thresholds(String table) {
        Map<String, Double> thresholds = new HashMap<>();
        int column = List.of(table.lines().findFirst().orElseThrow().split(",")).indexOf("threshold");
        table.lines()
                .skip(1)
                .map(line -> line.split(",", -1))
                .forEach(cells -> thresholds.put(cells[0], Double.valueOf(cells[column])));
        return thresholds;
    }

    private static Stream<Path> hostile() throws IOException {
        try (Stream<Path> files = Files.list(SharedData.require("checkpoints/hostile"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostileFilesEndInOneLineAndRunNothing(Path file) {
        Cli cli = Cli.run("layers", file);
        assertEquals(2, cli.code(), cli.toString());
        assertEquals(1, cli.err().lines().count(), cli.err());
        assertTrue(cli.errorLine().contains(file.getFileName().toString()), cli.errorLine());
        assertFalse(Files.exists(Path.of("netdissect-hostile-pickle-was-executed")));
    }
}
