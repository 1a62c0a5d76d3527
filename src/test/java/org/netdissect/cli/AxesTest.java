package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.GridSize;
import org.netdissect.base.SharedData;
import org.netdissect.broden.TinyProbe;
import org.netdissect.torchscript.TinyArchive;

/**
 * Layers with the same maps in all orders of dimensions that networks use. Each is either refused, or has the tables of
 * the plain maps.
 */
class AxesTest {
    /** Expression of each layer in x, the maps [n, 3, 4, 6]. */
    private static final Map<String, String> LAYERS = new LinkedHashMap<>();

    private static void layer(String name, String expression) {
        LAYERS.put(name, expression);
    }

    /** [n, 24, 3] */
    private static final String TOKENS = "torch.transpose(torch.flatten(x, 2), 1, 2)";

    /** Token that depends on the whole image. */
    private static final String MEAN = "torch.mean(" + TOKENS + ", [1], True)";

    static {
        layer("maps", "torch.mul(x, 1.)");
        layer("last", "torch.permute(x, [0, 2, 3, 1])");
        layer("columns_first", "torch.transpose(x, 2, 3)");
        layer("units_between", "torch.permute(x, [0, 2, 1, 3])");
        layer("flat", "torch.flatten(x, 2)");
        layer("all_flat", "torch.flatten(x, 1)");
        layer("tokens", TOKENS);
        layer("class_first", "torch.cat([" + MEAN + ", " + TOKENS + "], 1)");
        layer("class_last", "torch.cat([" + TOKENS + ", " + MEAN + "], 1)");
        layer("registers", "torch.cat([" + MEAN + ", " + TOKENS + ", " + MEAN + ", " + MEAN + "], 1)");
        layer(
                "class_between",
                "torch.cat([torch.slice(" + TOKENS + ", 1, 0, 7), " + MEAN + ", torch.slice(" + TOKENS
                        + ", 1, 7)], 1)");
        layer("class_cut_off", "torch.slice(torch.cat([" + MEAN + ", " + TOKENS + "], 1), 1, 1)");
        layer("tower", "torch.transpose(" + TOKENS + ", 0, 1)");
        layer("tower_of_class", "torch.transpose(torch.cat([" + MEAN + ", " + TOKENS + "], 1), 0, 1)");
        layer("down_first", "torch.flatten(torch.transpose(x, 2, 3), 2)");
        layer(
                "windows_and_back",
                "torch.reshape(torch.permute(torch.permute(torch.reshape(x, [-1, 3, 2, 2, 3, 2]), "
                        + "[0, 2, 4, 3, 5, 1]), [0, 5, 1, 3, 2, 4]), [-1, 3, 4, 6])");
        layer("rolled_and_back", "torch.roll(torch.roll(x, [1, 2], [2, 3]), [-1, -2], [2, 3])");
        layer("hidden", "torch.flip(torch.flip(x, [3]), [3])");
        layer("hidden_last", "torch.permute(torch.flip(torch.flip(x, [3]), [3]), [0, 2, 3, 1])");
        layer("hidden_tokens", "torch.flip(torch.flip(" + TOKENS + ", [1]), [1])");
        layer("hidden_class", "torch.flip(torch.flip(torch.cat([" + MEAN + ", " + TOKENS + "], 1), [1]), [1])");
        // not maps, or maps only with --axes
        layer(
                "windows",
                "torch.flatten(torch.permute(torch.reshape(x, [-1, 3, 2, 2, 3, 2]), [0, 2, 4, 3, 5, 1]), 1, 4)");
        layer(
                "window_batch",
                "torch.reshape(torch.permute(torch.reshape(x, [-1, 3, 2, 2, 3, 2]), [0, 2, 4, 3, 5, 1]), "
                        + "[-1, 4, 3])");
        layer("weights", "torch.softmax(torch.matmul(" + TOKENS + ", torch.flatten(x, 2)), -1)");
        layer("rolled", "torch.roll(x, [1, 2], [2, 3])");
        layer("some_tokens", "torch.slice(" + TOKENS + ", 1, 3)");
        layer(
                "turned_tokens",
                "torch.cat([torch.slice(" + TOKENS + ", 1, 12), torch.slice(" + TOKENS + ", 1, 0, 12)], 1)");
        layer("mirrored", "torch.flip(x, [3])");
        layer("shuffled", "torch.reshape(torch.flatten(torch.permute(x, [0, 3, 1, 2]), 1), [-1, 3, 4, 6])");
        layer("mixed_tokens", "torch.matmul(torch.flatten(x, 2), torch.ones([24, 24]))");
    }

    private static final GridSize IMAGE = new GridSize(16, 24);
    private static final int IMAGES = 6;
    private static final String MAPS = "(6, 3, 4, 6)";

    @TempDir
    static Path folder;

    private static Path model;
    private static Path probe;

    @BeforeAll
    static void make() throws IOException {
        StringBuilder net = new StringBuilder("class Net(Module):\n");
        StringBuilder forward = new StringBuilder("  def forward(self: __torch__.Net, x: Tensor) -> Tensor:\n");
        forward.append("    m = torch.avg_pool2d(x, [4, 4])\n");
        StringBuilder classes = new StringBuilder();
        List<String> submodules = new ArrayList<>();
        int number = 0;
        for (Map.Entry<String, String> layer : LAYERS.entrySet()) {
            String type = "L" + number++;
            net.append("  ")
                    .append(layer.getKey())
                    .append(" : __torch__.")
                    .append(type)
                    .append("\n");
            forward.append("    r")
                    .append(number)
                    .append(" = (self.")
                    .append(layer.getKey())
                    .append(").forward(m, )\n");
            classes.append("class ")
                    .append(type)
                    .append("(Module):\n  def forward(self: __torch__.")
                    .append(type);
            classes.append(", x: Tensor) -> Tensor:\n    return ")
                    .append(layer.getValue())
                    .append("\n");
            submodules.addAll(List.of(layer.getKey(), type));
        }
        model = new TinyArchive()
                .code(net.append(forward)
                        .append("    return m\n")
                        .append(classes)
                        .toString())
                .runnable(submodules.toArray(String[]::new))
                .writeTo(folder);
        TinyProbe tiny =
                TinyProbe.in(folder.resolve("probe")).category("object").label(1, "cat", "object", 1);
        Random random = new Random(3);
        for (int i = 0; i < IMAGES; i++) {
            BufferedImage pixels = new BufferedImage(IMAGE.width(), IMAGE.height(), BufferedImage.TYPE_3BYTE_BGR);
            for (int cell = 0; cell < IMAGE.cells(); cell++) {
                pixels.setRGB(cell % IMAGE.width(), cell / IMAGE.width(), random.nextInt(1 << 24));
            }
            tiny.image("i" + i + ".png", "train", pixels, new GridSize(4, 6))
                    .plane("object", "1 1 0 0 0 0", "1 1 0 0 0 0", "0 0 0 0 0 0", "0 0 0 0 0 0");
        }
        probe = tiny.write();
    }

    private static Cli dissect(String layer, Object... more) {
        return dissect(model, layer, more);
    }

    private static Cli dissect(Path model, String layer, Object... more) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--model", model, "--probe", probe, "--no-report"));
        args.addAll(List.of("--layer", layer, "--preprocess", "imagenet", "--interpolation", "half-pixel"));
        args.addAll(
                List.of("--cache", folder.resolve("cache"), "--overwrite", "--out", folder.resolve("out-" + layer)));
        args.addAll(List.of(more));
        return Cli.run(args.toArray());
    }

    private static void isLikeTheMaps(String layer, Object... more) throws IOException {
        Cli maps = dissect("maps");
        assertEquals(0, maps.code(), maps.toString());
        Cli run = dissect(layer, more);
        assertEquals(0, run.code(), run.toString());
        NpyFloats expected = NpyFloats.activations(folder.resolve("out-maps"), "maps");
        assertEquals(MAPS, expected.shape());
        NpyFloats.activations(folder.resolve("out-" + layer), layer).expectCloseTo(expected, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "last",
                "columns_first",
                "units_between",
                "flat",
                "all_flat",
                "tokens",
                "class_first",
                "class_last",
                "registers",
                "class_between",
                "class_cut_off",
                "tower",
                "tower_of_class",
                "down_first",
                "windows_and_back",
                "rolled_and_back",
                "hidden",
                "hidden_last",
                "hidden_tokens",
                "hidden_class"
            })
    void mapsInAnyOrderAreTheSame(String layer) throws IOException {
        isLikeTheMaps(layer);
    }

    @ParameterizedTest
    @CsvSource({
        "windows,in the order of windows",
        "window_batch,in the order of windows",
        "weights,as attention does",
        "rolled,rolled by",
        "some_tokens,a part of the tokens",
        "turned_tokens,not in their order",
        "mirrored,nor a shifted image",
        "shuffled,in the order of windows",
        "mixed_tokens,nor a shifted image",
    })
    void whatIsNoMapIsRefused(String layer, String why) {
        Cli run = dissect(layer);
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains("layer " + layer), run.toString());
        assertTrue(run.errorLine().contains(why), run.toString());
    }

    /** Layers that layers lists as fit are those that dissect accepts, and their axes are written as for --axes. */
    @Test
    void layersSaysWhatDissectDoes() throws IOException {
        Cli run = Cli.run("layers", "--json", "--input-size", "16,24", model);
        assertEquals(0, run.code(), run.toString());
        int fit = 0;
        for (JsonNode row : new ObjectMapper().readTree(run.out()).path("rows")) {
            String layer = row.path("name").asText();
            boolean taken = dissect(layer).code() == 0;
            assertEquals(taken, row.path("canBeDissected").asBoolean(), row.toString());
            String axes = row.path("axes").asText();
            assertEquals(taken, !axes.isEmpty(), row.toString());
            if (taken && !axes.contains("(")) {
                isLikeTheMaps(layer, "--axes", layer + "=" + axes);
                fit++;
            }
        }
        assertTrue(fit > 15, run.out());
    }

    @Test
    void theUserWinsOverTheCode() throws IOException {
        assertEquals(0, dissect("maps", "--axes", "m*=nyxu").code());
        assertEquals(
                "(6, 6, 3, 4)",
                NpyFloats.activations(folder.resolve("out-maps"), "maps").shape());
        Path described = Files.copy(model, folder.resolve("described.pt"));
        Files.writeString(folder.resolve("described.json"), "{\"axes\": {\"mixed*\": \"nut,grid=4x6\"}}");
        Cli run = dissect(described, "mixed_tokens");
        assertEquals(0, run.code(), run.toString());
        assertEquals(
                MAPS,
                NpyFloats.activations(folder.resolve("out-mixed_tokens"), "mixed_tokens")
                        .shape());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maps=ntu|do not fit an output [2, 3, 4, 6] of 2 images",
                "tokens=ntu,grid=5x5|are no grid of 5x5",
                "tokens=ntu,drop=0|make no grid of square patches of an input of 16x24",
                "tokens=ntu,drop=30|there is no token 30",
                "other=ntu|no chosen layer is called so",
                "tokens=ntz|expected a letter for each dimension",
                "tokens=nt,drop=x|expected a letter for each dimension",
                "tokens=nuu,drop=0|expected a letter for each dimension",
            })
    void axesThatDoNotFitAreRefused(String option, String why) {
        String layer = option.substring(0, option.indexOf('='));
        Cli run = dissect(layer.equals("other") ? "maps" : layer, "--axes", option);
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains(why), run.toString());
        assertFalse(Files.exists(folder.resolve("out-" + layer + "/run.json")) && layer.equals("other"));
    }

    /** Values equal those of eager PyTorch to 1e-5. */
    @ParameterizedTest
    @CsvSource({
        "c01-conv1d-read-as-tokens/conv1d,c1,",
        "c02-mixer-token-mlp/mixer,blocks.0.mlp_tokens,nut",
        "c02-mixer-token-mlp/vit_d16,flat,",
        "c04-channels-last-map/nhwc,norm,",
    })
    void casesHaveTheirRightValues(String name, String layer, String axes) throws IOException {
        Path archive = SharedData.require("cases/" + name + ".pt");
        Path out = folder.resolve("case-" + layer);
        List<Object> args = new ArrayList<>(List.of("dissect", "--model", archive, "--layer", layer));
        args.addAll(List.of("--probe", SharedData.require("cases/probe64"), "--preprocess", "imagenet", "--no-report"));
        args.addAll(List.of("--cache", folder.resolve("cache"), "--out", out));
        if (axes != null) {
            Cli refused = Cli.run(args.toArray());
            assertEquals(2, refused.code(), refused.toString());
            assertTrue(refused.errorLine().contains("--axes"), refused.toString());
            args.addAll(List.of("--axes", layer + "=" + axes));
        }
        Cli run = Cli.run(args.toArray());
        assertEquals(0, run.code(), run.toString());
        String network = archive.getFileName().toString().replace(".pt", "");
        NpyFloats right = NpyFloats.read(archive.resolveSibling("right." + network + "." + layer + ".npy"));
        NpyFloats.activations(out, layer).expectCloseTo(right, 1e-5);
    }
}
