package org.netdissect.architecture.pickled;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.netdissect.weights.TinyPickle.dict;
import static org.netdissect.weights.TinyPickle.longs;
import static org.netdissect.weights.TinyPickle.number;
import static org.netdissect.weights.TinyPickle.real;
import static org.netdissect.weights.TinyPickle.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.architecture.Generated;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.architecture.NetworkFile;
import org.netdissect.architecture.family.Families;
import org.netdissect.base.InputException;
import org.netdissect.base.SharedData;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.torchscript.assembly.TensorSlot;
import org.netdissect.weights.PickledModule;
import org.netdissect.weights.TinyPickle;
import org.netdissect.weights.WeightsFile;

/** Code of pickled networks. The same statements were compared with PyTorch's outputs by a script when written. */
class PickledNetworksTest {
    private static final String TRUE = "\u0088";
    private static final String FALSE = "\u0089";

    @TempDir
    Path folder;

    /** A module of torch.nn; tensors by name, sizes of all of them. */
    static String layer(String type, Map<String, long[]> tensors, String... attributes) {
        List<String> parameters = new ArrayList<>(List.of("bias", "N"));
        List<String> buffers = new ArrayList<>();
        tensors.forEach((name, sizes) -> {
            List<String> kind = name.startsWith("running") ? buffers : parameters;
            kind.add(name);
            kind.add(TinyPickle.tensor("0", sizes));
        });
        return module("torch.nn.modules." + type, parameters, buffers, "}", attributes);
    }

    static String module(
            String type, List<String> parameters, List<String> buffers, String children, String... attributes) {
        List<String> all = new ArrayList<>(List.of(attributes));
        all.addAll(List.of("_parameters", dict(parameters.toArray(String[]::new))));
        all.addAll(List.of("_buffers", dict(buffers.toArray(String[]::new)), "_modules", children));
        int dot = type.lastIndexOf('.');
        return TinyPickle.object(type.substring(0, dot), type.substring(dot + 1), dict(all.toArray(String[]::new)));
    }

    static String sequential(String... children) {
        return module("torch.nn.modules.container.Sequential", List.of(), List.of(), dict(children));
    }

    static String conv(String... attributes) {
        return layer("conv.Conv2d", Map.of("weight", new long[] {4, 3, 3, 2}), attributes);
    }

    static String conv() {
        return conv("stride", longs(1, 2), "padding", longs(1, 0), "dilation", longs(1, 1), "groups", number(1));
    }

    private PickledModule open(String value) throws IOException {
        Path file = TinyPickle.zip(folder.resolve("net.pt"), value, Map.of("0", new byte[4]));
        return WeightsFile.open(file).module(null).orElseThrow();
    }

    private ModuleSpec plain(String value) throws IOException {
        return PickledNetworks.plain(Path.of("net.pt"), open(value));
    }

    /** Code of a layer that follows a convolution, since a file without tensors is refused. */
    private String code(String layer) throws IOException {
        return String.join(
                "; ",
                Objects.requireNonNull(plain(sequential("0", conv(), "1", layer))
                                .submodules()
                                .get("1"))
                        .body());
    }

    private String function(String type, String... attributes) throws IOException {
        return code(layer(type, Map.of(), attributes)).replaceFirst("^return ", "");
    }

    @Test
    void sequentialsRunTheirLayersInOrder() throws IOException {
        ModuleSpec net = plain(sequential("conv", conv(), "tail", sequential("0", layer("activation.ReLU", Map.of()))));
        assertEquals("torch.nn.modules.container.Sequential", net.type());
        assertEquals(List.of("x = (self.conv).forward(x, )", "x = (self.tail).forward(x, )", "return x"), net.body());
        assertEquals(List.of("conv", "tail"), List.copyOf(net.submodules().keySet()));
        assertEquals(
                List.of("x = (getattr(self, \"0\")).forward(x, )", "return x"),
                Objects.requireNonNull(net.submodules().get("tail")).body());
        assertEquals(
                Map.of("conv.weight", List.of(4L, 3L, 3L, 2L)),
                Map.of(
                        "conv.weight",
                        Objects.requireNonNull(net.allTensors().get("conv.weight"))
                                .sizes()));
    }

    @Test
    void convolutionsKeepTheirSettings() throws IOException {
        assertEquals("return torch.conv2d(x, self.weight, None, [1, 2], [1, 0], [1, 1], 1)", code(conv()));
        String stride = longs(1, 1);
        assertEquals(
                "return torch.conv2d(x, self.weight, None, [1, 1], \"same\", [2, 2], 1)",
                code(conv("stride", stride, "padding", text("same"), "dilation", number(2), "groups", number(1))));
        assertEquals(
                "x = torch.pad(x, [0, 1, 1, 1], \"reflect\");"
                        + " return torch.conv2d(x, self.weight, None, [1, 1], [0, 0], [1, 1], 1)",
                code(conv(
                        "stride",
                        stride,
                        "padding",
                        text("same"),
                        "groups",
                        number(1),
                        "padding_mode",
                        text("reflect"))));
        assertEquals(
                "x = torch.pad(x, [0, 0, 5, 5], \"circular\");"
                        + " return torch.conv2d(x, self.weight, None, [1, 1], [0, 0], [1, 1], 3)",
                code(conv(
                        "stride",
                        stride,
                        "padding",
                        longs(5, 0),
                        "groups",
                        number(3),
                        "padding_mode",
                        text("circular"))));
        assertEquals(
                "return torch.conv_transpose2d(x, self.weight, None, [2, 2], [1, 1], [1, 1], 1, [1, 1])",
                code(layer(
                        "conv.ConvTranspose2d",
                        Map.of("weight", new long[] {4, 3, 3, 2}),
                        "stride",
                        longs(2, 2),
                        "padding",
                        longs(1, 1),
                        "output_padding",
                        longs(1, 1),
                        "groups",
                        number(1))));
    }

    @Test
    void normsKeepTheirEps() throws IOException {
        Map<String, long[]> four = new LinkedHashMap<>();
        List.of("weight", "bias", "running_mean", "running_var").forEach(name -> four.put(name, new long[] {4}));
        assertEquals(
                "return torch.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, False, 0.1,"
                        + " 0.001, True)",
                code(layer("batchnorm.BatchNorm2d", four, "eps", real(0.001))));
        assertEquals(
                "return torch.instance_norm(x, None, None, None, None, True, 0.1, 1.0E-5, True)",
                code(layer("instancenorm.InstanceNorm2d", Map.of(), "eps", real(1e-5))));
        assertEquals(
                "return torch.layer_norm(x, [4, 5], None, None, 0.5, True)",
                code(layer("normalization.LayerNorm", Map.of(), "eps", real(0.5), "normalized_shape", longs(4, 5))));
        assertEquals(
                "torch.group_norm(x, 2, None, None, 0.5, True)",
                function("normalization.GroupNorm", "eps", real(0.5), "num_groups", number(2)));
    }

    @Test
    void functionsKeepTheirNumbers() throws IOException {
        assertEquals("torch.leaky_relu(x, 0.2)", function("activation.LeakyReLU", "negative_slope", real(0.2)));
        assertEquals("torch.gelu(x)", function("activation.GELU"));
        assertEquals("torch.gelu(x, approximate=\"tanh\")", function("activation.GELU", "approximate", text("tanh")));
        assertEquals("torch.softmax(x, 1)", function("activation.Softmax", "dim", "N"));
        assertEquals("torch.log_softmax(x, -1)", function("activation.LogSoftmax", "dim", number(-1)));
        assertEquals(
                "torch.hardtanh(x, -2.0, 1.5)",
                function("activation.Hardtanh", "min_val", number(-2), "max_val", real(1.5)));
        assertEquals(
                "torch.max_pool2d(x, [3, 3], [2, 2], [1, 1], [1, 1], True)",
                function(
                        "pooling.MaxPool2d",
                        "kernel_size",
                        number(3),
                        "stride",
                        number(2),
                        "padding",
                        number(1),
                        "ceil_mode",
                        TRUE));
        assertEquals(
                "torch.avg_pool2d(x, [2, 3], [2, 3], [0, 0], False, False, 5)",
                function(
                        "pooling.AvgPool2d",
                        "kernel_size",
                        longs(2, 3),
                        "stride",
                        "N",
                        "count_include_pad",
                        FALSE,
                        "divisor_override",
                        number(5)));
        assertEquals(
                "y, indices = torch.adaptive_max_pool2d(x, [1, 1]); return y",
                function("pooling.AdaptiveMaxPool2d", "output_size", number(1)));
        assertEquals(
                "torch.upsample_nearest2d(x, None, [2.0, 1.5])",
                function("upsampling.Upsample", "scale_factor", "(" + real(2) + real(1.5) + "t"));
        assertEquals(
                "torch.upsample_bilinear2d(x, [7, 7], True, None)",
                function(
                        "upsampling.UpsamplingBilinear2d",
                        "size",
                        number(7),
                        "mode",
                        text("bilinear"),
                        "align_corners",
                        TRUE));
        assertEquals("x", function("dropout.Dropout2d", "p", real(0.5)));
        assertEquals(
                "torch.flatten(x, 1, -1)", function("flatten.Flatten", "start_dim", number(1), "end_dim", number(-1)));
        assertEquals(
                "torch.constant_pad_nd(x, [1, 2, 3, 4], 0)",
                function("padding.ZeroPad2d", "padding", longs(1, 2, 3, 4)));
    }

    private void assertRefused(String expected, String layer) throws IOException {
        PickledModule net = open(sequential("0", conv(), "head", sequential("1", layer)));
        InputException e = assertThrows(InputException.class, () -> PickledNetworks.plain(Path.of("net.pt"), net));
        assertTrue(String.valueOf(e.getMessage()).startsWith("net.pt, module head.1"), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains(expected), e.getMessage());
        assertEquals(1, String.valueOf(e.getMessage()).lines().count());
    }

    @Test
    void otherClassesAreRefusedByName() throws IOException {
        String own = module("my.models.Block", List.of(), List.of(), "}");
        assertRefused("is of the class my.models.Block, whose code is not in the file", own);
        assertRefused("torch.nn.modules.rnn.LSTM", layer("rnn.LSTM", Map.of()));
        assertRefused("no running statistics", layer("batchnorm.BatchNorm2d", Map.of(), "eps", real(1)));
        assertRefused(
                "returns indices",
                layer("pooling.MaxPool2d", Map.of(), "kernel_size", number(2), "return_indices", TRUE));
        assertRefused("its kernel_size is not 2 whole numbers", layer("pooling.MaxPool2d", Map.of()));
        assertRefused("its kernel_size", layer("pooling.MaxPool2d", Map.of(), "kernel_size", longs(1, 2, 3)));
        assertRefused("its negative_slope is no number", layer("activation.LeakyReLU", Map.of()));
        assertRefused(
                "its negative_slope is no number",
                layer("activation.LeakyReLU", Map.of(), "negative_slope", real(Double.NaN)));
        assertRefused("no weight of 4 dimensions", layer("conv.Conv2d", Map.of()));
        assertRefused("no weight of 2 dimensions", layer("linear.Linear", Map.of("weight", new long[] {4})));
        assertFalse(PickledNetworks.isPlain(
                open(module("a.Net", List.of("w", TinyPickle.tensor("0", 1)), List.of(), "}"))));
    }

    @Test
    void namesThatAreNoCodeAreRefused() throws IOException {
        for (String name : List.of("a\"b", "forward", "training", "__annotations__", "", "\u00e4\n")) {
            PickledModule net = open(sequential(name, conv()));
            InputException e = assertThrows(InputException.class, () -> PickledNetworks.plain(Path.of("net.pt"), net));
            assertTrue(
                    String.valueOf(e.getMessage()).contains("a name that TorchScript does not take"), e.getMessage());
        }
    }

    /** The pickle of a generated network, with the attributes that its code shows. */
    static String pickled(ModuleSpec spec) {
        List<String> parameters = new ArrayList<>();
        List<String> buffers = new ArrayList<>();
        spec.tensors().forEach((name, slot) -> {
            long[] sizes = slot.sizes().stream().mapToLong(Long::longValue).toArray();
            List<String> kind = slot.parameter() ? parameters : buffers;
            kind.addAll(List.of(name, TinyPickle.tensor("0", sizes)));
        });
        List<String> children = new ArrayList<>();
        spec.submodules().forEach((name, child) -> children.addAll(List.of(name, pickled(child))));
        return module(spec.type(), parameters, buffers, dict(children.toArray(String[]::new)), attributes(spec));
    }

    private static String[] attributes(ModuleSpec spec) {
        String code = String.join(";", spec.body());
        if (spec.type().endsWith(".Conv2d")) {
            String[] settings = code.replaceAll("[^0-9,]", "").split(",");
            int end = settings.length;
            return new String[] {
                "stride", pair(settings, end - 7),
                "padding", pair(settings, end - 5),
                "dilation", pair(settings, end - 3),
                "groups", number(Long.parseLong(settings[end - 1]))
            };
        } else if (spec.type().endsWith("BatchNorm2d")) {
            return new String[] {"eps", real(1e-5)};
        } else if (spec.type().endsWith("AdaptiveAvgPool2d")) {
            return new String[] {"output_size", longs(1, 1)};
        }
        return new String[] {"kernel_size", number(3), "stride", number(2), "padding", number(1)};
    }

    private static String pair(String[] numbers, int start) {
        return longs(Long.parseLong(numbers[start]), Long.parseLong(numbers[start + 1]));
    }

    static ModuleSpec resnet(String name) {
        return Families.ALL.stream()
                .flatMap(each -> each.known().stream())
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow()
                .network()
                .apply(10);
    }

    @Test
    void publishedSettingsAreThoseOfTheFamily() throws IOException {
        for (String name : List.of("resnet18", "resnext50_32x4d")) {
            ModuleSpec family = resnet(name);
            assertEquals(family, PickledNetworks.withSettings(Path.of("net.pt"), family, open(pickled(family))));
        }
    }

    @Test
    void pickledSettingsWin() throws IOException {
        ModuleSpec family = resnet("resnet18");
        String changed = pickled(family)
                .replace(text("eps") + real(1e-5), text("eps") + real(1e-3))
                .replace(text("output_size") + longs(1, 1), text("output_size") + longs(2, 3));
        ModuleSpec own = PickledNetworks.withSettings(Path.of("net.pt"), family, open(changed));
        assertNotEquals(family, own);
        assertEquals(family.allTensors(), own.allTensors());
        assertEquals(family.body(), own.body());
        assertTrue(
                Objects.requireNonNull(own.submodules().get("bn1"))
                        .body()
                        .toString()
                        .contains("0.001"),
                own.toString());
        assertEquals(
                List.of("return torch.adaptive_avg_pool2d(x, [2, 3])"),
                Objects.requireNonNull(own.submodules().get("avgpool")).body());
    }

    @Test
    void layersOfOtherTensorsAreRefused() throws IOException {
        ModuleSpec family = resnet("resnet18");
        PickledModule changed = open(pickled(family).replace(text("running_var"), text("running_vax")));
        InputException e = assertThrows(
                InputException.class, () -> PickledNetworks.withSettings(Path.of("net.pt"), family, changed));
        assertTrue(String.valueOf(e.getMessage()).contains("no running statistics"), e.getMessage());
        PickledModule identity = open(pickled(family).replace("BatchNorm2d", "Identity"));
        e = assertThrows(InputException.class, () -> PickledNetworks.withSettings(Path.of("net.pt"), family, identity));
        assertTrue(String.valueOf(e.getMessage()).contains("where the published network has a"), e.getMessage());
    }

    /** A real file: all of its settings are those of the family. */
    @Test
    void aRealNetworkHasThePublishedSettings() throws IOException {
        Path file = SharedData.require("checkpoints/forms/whole_module.shufflenet_v2_x0_5.pt");
        PickledModule net = WeightsFile.open(file).module(null).orElseThrow();
        ModuleSpec family = Families.ALL.stream()
                .flatMap(each -> each.known().stream())
                .filter(each -> each.name().equals("shufflenet_v2_x0_5"))
                .findFirst()
                .orElseThrow()
                .network()
                .apply(10);
        Map<String, TensorSlot> slots = family.allTensors();
        ModuleSpec own = PickledNetworks.withSettings(file, family, net);
        assertEquals(slots, own.allTensors());
        assertEquals(family, own);
    }

    @Test
    void aPickledNetworkIsOpenedAgainByItsKey() throws IOException {
        Path file = TinyPickle.zip(
                folder.resolve("net.pt"), dict("model", sequential("0", conv())), Map.of("0", new byte[72 * 4]));
        NetworkFile opened = NetworkFile.open(NetworkChoice.of(file));
        Generated generated = Objects.requireNonNull(opened.generated());
        assertEquals(new Generated("torch.nn", "model", Generated.GENERATOR), generated);
        NetworkFile again = NetworkFile.open(generated.in(file));
        assertEquals(opened.archive().modules(), again.archive().modules());
    }
}
