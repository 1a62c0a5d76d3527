package org.netdissect.architecture.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.RawOutputs;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.archive.ElementType;
import org.netdissect.torchscript.archive.Provenance;
import org.netdissect.torchscript.archive.TensorContent;
import org.netdissect.torchscript.assembly.Assembly;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.torchscript.assembly.TensorSlot;

/** Networks with timm's names compute what torchvision's compute with the same numbers. */
class TimmTest {
    private static final int CLASSES = 20;
    private static final String EPS = "0.1, 1.0E-5, ";
    private static final String GREATER_EPS = "0.1, 0.001, ";

    @TempDir
    static Path scratch;

    /** {@code eps} tells that torchvision's batch norms have a greater one. */
    @ParameterizedTest
    @CsvSource({
        "mobilenetv2_100,mobilenet_v2,64,false",
        "mnasnet_100,mnasnet1_0,64,false",
        "mobilenetv3_large_100,mobilenet_v3_large,64,true",
        "mobilenetv3_small_100,mobilenet_v3_small,64,true",
        "efficientnet_b1,efficientnet_b1,64,false",
        "efficientnetv2_s,efficientnet_v2_s,64,true",
        "regnetx_004,regnet_x_400mf,64,false",
        "regnety_008,regnet_y_800mf,64,false",
        "convnext_tiny,convnext_tiny,32,false",
    })
    void outputsAreTorchvisions(String timm, String torchvision, int side, boolean eps) throws IOException {
        ModuleSpec expected = network(torchvision);
        assertSame(
                network("timm:" + timm),
                expected,
                eps ? edited(expected, body -> body.replace(GREATER_EPS, EPS)) : expected,
                side);
    }

    @Test
    void outputsOfTransformersAreTorchvisions() throws IOException {
        Vits.Plan plan = new Vits.Plan("small", 16, 3, 4, 32, 64);
        ModuleSpec expected = Vits.network(plan, plan.tokens(64), CLASSES);
        assertSame(TimmVits.network(plan, plan.tokens(64), CLASSES), expected, expected, 64);
    }

    private static void assertSame(ModuleSpec net, ModuleSpec torchvision, ModuleSpec expected, int side)
            throws IOException {
        Map<String, String> names = torchvisionsNames(net, torchvision);
        float[] outputs = outputs(
                net, side, name -> formula(torchvision, Objects.requireNonNull(names.get(name)), slot(net, name)));
        float[] wanted = outputs(expected, side, name -> formula(expected, name, slot(expected, name)));
        double difference = FamilyCheck.difference(outputs, wanted);
        assertTrue(difference < 1e-4, () -> "difference " + difference);
    }

    /** TensorFlow's padding is the usual one where sides are odd: 65, 33, 17, 9, 5 and 3 cells. */
    @ParameterizedTest
    @CsvSource({"mobilenetv3_small_100", "efficientnet_b0", "efficientnetv2_s"})
    void oddSidesArePaddedAsUsual(String name) throws IOException {
        ModuleSpec usual = network("timm:" + name);
        ModuleSpec same = network("timm:tf_" + name);
        assertEquals(usual.allTensors(), same.allTensors());
        float[] expected = outputs(
                edited(usual, body -> body.replace(EPS, GREATER_EPS)),
                65,
                key -> formula(usual, key, slot(usual, key)));
        assertTrue(FamilyCheck.difference(outputs(same, 65, key -> formula(usual, key, slot(usual, key))), expected)
                < 1e-4);
        float[] even = outputs(same, 64, key -> formula(usual, key, slot(usual, key)));
        assertTrue(FamilyCheck.difference(outputs(usual, 64, key -> formula(usual, key, slot(usual, key))), even)
                > 0.01);
    }

    /** Zeros are added as TensorFlow does: half of those needed at the start, the greater half at the end. */
    @ParameterizedTest
    @CsvSource({"3,6", "3,7", "5,6", "5,7", "5,8"})
    void zerosAreAddedAtTheEndFirst(int kernel, int side) throws IOException {
        ModuleSpec conv = TimmLayers.conv2dSame(new Layers.Conv(3, 2, kernel).stride(2));
        FloatTensor output = run(conv, side, name -> formula(conv, name, slot(conv, name)));
        int cells = (side + 1) / 2;
        int needed = Math.max((cells - 1) * 2 + kernel - side, 0);
        float[] weights = values(formula(conv, "weight", slot(conv, "weight")));
        float[] images = FormulaWeights.images(1, side);
        float[] expected = new float[2 * cells * cells];
        for (int out = 0; out < 2; out++) {
            for (int y = 0; y < cells; y++) {
                for (int x = 0; x < cells; x++) {
                    double sum = 0;
                    for (int in = 0; in < 3; in++) {
                        for (int dy = 0; dy < kernel; dy++) {
                            for (int dx = 0; dx < kernel; dx++) {
                                int row = 2 * y + dy - needed / 2;
                                int column = 2 * x + dx - needed / 2;
                                if (row >= 0 && row < side && column >= 0 && column < side) {
                                    sum += weights[((out * 3 + in) * kernel + dy) * kernel + dx]
                                            * images[(in * side + row) * side + column];
                                }
                            }
                        }
                    }
                    expected[(out * cells + y) * cells + x] = (float) sum;
                }
            }
        }
        assertArrayEquals(new long[] {1, 2, cells, cells}, output.shape());
        assertArrayEquals(expected, output.values(), 1e-4f);
    }

    /** Names that timm's files have, of each family. */
    @ParameterizedTest
    @CsvSource({
        "mobilenetv2_100,blocks.1.0.conv_pwl.weight,24x96x1x1",
        "mobilenetv2_140,conv_head.weight,1792x448x1x1",
        "mnasnet_050,blocks.0.0.conv_pw.weight,8x16x1x1",
        "mobilenetv3_large_100,blocks.6.0.conv.weight,960x160x1x1",
        "mobilenetv3_large_100,conv_head.weight,1280x960x1x1",
        "mobilenetv3_small_100,blocks.0.0.se.conv_reduce.weight,8x16x1x1",
        "efficientnet_b1,blocks.0.1.se.conv_reduce.weight,4x16x1x1",
        "efficientnet_b1,blocks.1.0.conv_pw.weight,96x16x1x1",
        "efficientnet_b1,blocks.5.4.bn1.running_var,1152",
        "efficientnetv2_s,blocks.0.1.conv.weight,24x24x3x3",
        "efficientnetv2_s,blocks.1.0.conv_exp.weight,96x24x3x3",
        "regnetx_016,s1.b1.conv2.conv.weight,72x24x3x3",
        "regnety_1280,s4.b1.downsample.bn.bias,7392",
        "regnety_004,s1.b1.se.fc1.weight,8x48x1x1",
        "vgg16,pre_logits.fc1.weight,4096x512x7x7",
        "convnext_base,stages.3.downsample.1.weight,1024x512x2x2",
        "convnext_base,stages.2.blocks.26.gamma,512",
        "vit_small_patch16_224,blocks.11.attn.qkv.weight,1152x384",
        "vit_large_patch32_224,pos_embed,1x50x1024",
    })
    void namesAreTimms(String network, String tensor, String sizes) {
        List<String> found = slot(network("timm:" + network), tensor).sizes().stream()
                .map(String::valueOf)
                .toList();
        assertEquals(sizes, String.join("x", found));
    }

    @Test
    void positionsTellTheSizeOfImages() {
        Map<String, List<Long>> sizes =
                Map.of("pos_embed", List.of(1L, 577L, 768L), "patch_embed.proj.weight", List.of(768L, 3L, 16L, 16L));
        Architecture network = new TimmVits().suggested(sizes).get(0);
        assertEquals("timm:vit_base_patch16_384", network.name());
        assertEquals(384, network.inputSize().height());
        assertEquals(List.of(), new TimmVits().suggested(Map.of()));
    }

    /** Networks that are recognised by their tensors differ in them from all others of these. */
    @Test
    void noTwoNetworksHaveTheSameTensors() {
        Map<Map<String, List<Long>>, String> networks = new HashMap<>();
        for (Family family : Families.ALL) {
            for (Architecture network : family.known()) {
                if (!network.onRequest()) {
                    Map<String, List<Long>> sizes = new HashMap<>();
                    network.network()
                            .apply(CLASSES)
                            .allTensors()
                            .forEach((name, slot) -> sizes.put(name, slot.sizes()));
                    String other = networks.put(sizes, network.name());
                    assertEquals(null, other, network.name());
                }
            }
        }
        assertTrue(networks.size() > 130, () -> networks.size() + " networks");
    }

    private static ModuleSpec network(String name) {
        return Families.ALL.stream()
                .flatMap(family -> family.known().stream())
                .filter(network -> network.name().equals(name))
                .findFirst()
                .orElseThrow()
                .network()
                .apply(CLASSES);
    }

    /** Torchvision's names by timm's; both have the tensors in the same order but for those that are moved here. */
    private static Map<String, String> torchvisionsNames(ModuleSpec timm, ModuleSpec torchvision) {
        List<String> names = new ArrayList<>(timm.allTensors().keySet());
        if (names.remove("pos_embed")) {
            names.add(names.indexOf("patch_embed.proj.bias") + 1, "pos_embed");
        }
        for (String name : List.copyOf(names)) {
            if (name.matches("s\\d\\.b1\\.downsample\\..*")) {
                names.remove(name);
                names.add(names.indexOf(name.substring(0, 6) + "conv1.conv.weight"), name);
            }
        }
        List<String> others = List.copyOf(torchvision.allTensors().keySet());
        assertEquals(others.size(), names.size());
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            pairs.put(names.get(i), others.get(i));
        }
        return pairs;
    }

    private static TensorSlot slot(ModuleSpec net, String name) {
        return Objects.requireNonNull(net.allTensors().get(name), name);
    }

    /** Numbers of a network's tensor by the formula, in the sizes of another one. */
    private static TensorContent formula(ModuleSpec net, String name, TensorSlot as) {
        TensorContent numbers = FormulaWeights.of(name, slot(net, name));
        return new Reshaped(numbers, as.sizes());
    }

    private record Reshaped(TensorContent numbers, List<Long> sizes) implements TensorContent {
        Reshaped {
            assertEquals(
                    numbers.sizes().stream().reduce(1L, Math::multiplyExact),
                    sizes.stream().reduce(1L, Math::multiplyExact));
        }

        @Override
        public ElementType type() {
            return numbers.type();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            numbers.writeTo(out);
        }
    }

    private static float[] values(TensorContent content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.writeTo(bytes);
        FloatBuffer numbers = ByteBuffer.wrap(bytes.toByteArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[numbers.remaining()];
        numbers.get(values);
        return values;
    }

    /** The network with other code. */
    private static ModuleSpec edited(ModuleSpec module, UnaryOperator<String> code) {
        Map<String, ModuleSpec> submodules = new LinkedHashMap<>();
        module.submodules().forEach((name, submodule) -> submodules.put(name, edited(submodule, code)));
        return new ModuleSpec(
                module.type(),
                module.tensors(),
                submodules,
                module.body().stream().map(code).toList());
    }

    private static float[] outputs(ModuleSpec net, int side, Function<String, TensorContent> numbers)
            throws IOException {
        return run(net, side, numbers).values();
    }

    private static FloatTensor run(ModuleSpec net, int side, Function<String, TensorContent> numbers)
            throws IOException {
        TorchScriptArchive archive = TorchScriptArchive.of(Assembly.of(Path.of("net"), net, numbers, Provenance.NONE));
        FloatTensor images = new FloatTensor(FormulaWeights.images(1, side), 1, 3, side, side);
        return Objects.requireNonNull(RawOutputs.of(archive, List.of(), List.of(images), scratch)
                .get(0)
                .get(TorchScriptArchive.OUTPUT));
    }
}
