package org.netdissect.architecture.pickled;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.netdissect.architecture.pickled.PickledNetworksTest.conv;
import static org.netdissect.architecture.pickled.PickledNetworksTest.layer;
import static org.netdissect.architecture.pickled.PickledNetworksTest.module;
import static org.netdissect.architecture.pickled.PickledNetworksTest.pickled;
import static org.netdissect.architecture.pickled.PickledNetworksTest.resnet;
import static org.netdissect.architecture.pickled.PickledNetworksTest.sequential;
import static org.netdissect.weights.TinyPickle.dict;
import static org.netdissect.weights.TinyPickle.global;
import static org.netdissect.weights.TinyPickle.longs;
import static org.netdissect.weights.TinyPickle.number;
import static org.netdissect.weights.TinyPickle.real;
import static org.netdissect.weights.TinyPickle.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.architecture.Generated;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.architecture.NetworkFile;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.weights.PickledModule;
import org.netdissect.weights.TinyPickle;
import org.netdissect.weights.WeightsFile;

/** Pickled networks that differ from the published ones in what no tensor shows: followed or refused, never missed. */
class PickledDifferencesTest {
    private static final Path NET = Path.of("net.pt");
    private static final int NUMBERS = 3 << 20;
    private static final String TRUE = "\u0088";
    private static final String FALSE = "\u0089";
    private static final String RELU = layer("activation.ReLU", Map.of());

    @TempDir
    Path folder;

    /** All tensors lie at the start of one storage. */
    private Path write(String value) throws IOException {
        String count = Pattern.quote(text("0") + text("cpu") + "\u008a\u0008") + "(?s:.{8})tQ";
        String shared = Matcher.quoteReplacement(text("0") + text("cpu") + number(NUMBERS) + "tQ");
        return TinyPickle.zip(
                folder.resolve("net.pt"),
                value.replaceAll(count, shared),
                Map.of("0", new byte[4 * NUMBERS], "1", new byte[12 * 8]));
    }

    private PickledModule open(String value) throws IOException {
        return WeightsFile.open(write(value)).module(null).orElseThrow();
    }

    private ModuleSpec settings(ModuleSpec family, String value) throws IOException {
        return PickledNetworks.withSettings(NET, family, open(value));
    }

    private static void assertRefused(String expected, Executable opening) {
        String message =
                String.valueOf(assertThrows(InputException.class, opening).getMessage());
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count());
    }

    /** The same object with more attributes. */
    private static String with(String object, String... attributes) {
        int start = object.indexOf("}(") + 2;
        String more = dict(attributes);
        return object.substring(0, start) + more.substring(2, more.length() - 1) + object.substring(start);
    }

    private static String wrapped(String network) {
        String criterion = module("torch.nn.modules.loss.CrossEntropyLoss", List.of(), List.of(), "}");
        return module("my.Lightning", List.of(), List.of(), dict("criterion", criterion, "model", network));
    }

    private static String parallel(String network) {
        return module("torch.nn.parallel.data_parallel.DataParallel", List.of(), List.of(), dict("module", network));
    }

    @Test
    void aWrapperIsTakenOff() throws IOException {
        ModuleSpec family = resnet("resnet18");
        String changed = pickled(family).replace(text("eps") + real(1e-5), text("eps") + real(0.25));
        for (String value : List.of(wrapped(changed), wrapped(parallel(changed)), wrapped(wrapped(changed)))) {
            try (WeightsFile file = WeightsFile.open(write(value))) {
                Set<String> names = file.tensors(null).tensors().keySet();
                PickledModule inner =
                        PickledNetworks.inner(NET, file.module(null).orElseThrow(), names);
                ModuleSpec own = PickledNetworks.withSettings(NET, family, inner);
                String norm = Objects.requireNonNull(own.submodules().get("bn1"))
                        .body()
                        .toString();
                assertTrue(norm.contains(" 0.25,"), norm);
            }
            NetworkFile opened = NetworkFile.open(NetworkChoice.of(write(value)));
            assertEquals("resnet18", Objects.requireNonNull(opened.generated()).architecture());
        }
    }

    @Test
    void aNetworkWithoutWrapperIsItsOwn() throws IOException {
        PickledModule net = open(sequential("features", sequential("0", conv())));
        assertEquals(net, PickledNetworks.inner(NET, net, List.of("features.0.weight")));
    }

    @Test
    void dataParallelPartsAreTakenOff() throws IOException {
        ModuleSpec net = PickledNetworks.plain(NET, open(sequential("0", parallel(parallel(conv())), "1", RELU)));
        assertEquals(Set.of("0.weight"), net.allTensors().keySet());
        ModuleSpec family = resnet("resnet18");
        String layer1 = pickled(Objects.requireNonNull(family.submodules().get("layer1")));
        String value = pickled(family).replace(layer1, parallel(layer1));
        String changed = parallel(layer1).replace(text("eps") + real(1e-5), text("eps") + real(0.25));
        assertEquals(family, settings(family, value));
        String norms = String.valueOf(settings(family, value.replace(parallel(layer1), changed))
                .submodules()
                .get("layer1"));
        assertTrue(norms.contains(" 0.25,"), norms);
    }

    @Test
    void otherAndMissingLayersAreRefused() {
        ModuleSpec family = resnet("resnet18");
        String value = pickled(family);
        String relu = global("torch.nn.modules.activation", "ReLU");
        assertRefused(
                "module relu: is a my.MySwish where the published network has a torch.nn.modules.activation.ReLU",
                () -> settings(family, value.replace(relu, global("my", "MySwish"))));
        assertRefused(
                "module maxpool: is not in the pickled network",
                () -> settings(family, value.replace(text("maxpool"), text("maxpoolx"))));
    }

    @Test
    void aSequentialHasTheFamilysLayersAlone() throws IOException {
        ModuleSpec family = PickledNetworks.plain(
                NET, open(sequential("0", conv(), "1", RELU, "2", layer("dropout.Dropout", Map.of()))));
        assertRefused("the network: has other layers", () -> settings(family, sequential("1", RELU, "0", conv())));
        assertRefused(
                "the network: has other layers", () -> settings(family, sequential("0", conv(), "1", RELU, "3", RELU)));
        // nothing is lost without dropout
        assertEquals(family, settings(family, sequential("0", conv(), "1", RELU)));
    }

    @Test
    void hooksAreRefused() throws IOException {
        ModuleSpec family = PickledNetworks.plain(NET, open(sequential("0", conv())));
        for (String hooks : List.of("_forward_hooks", "_forward_pre_hooks")) {
            String value = sequential("0", with(conv(), hooks, dict("7", text("hook"))));
            assertRefused("module 0: has " + hooks, () -> PickledNetworks.plain(NET, open(value)));
            assertRefused("module 0: has " + hooks, () -> settings(family, value));
            assertEquals(family, settings(family, sequential("0", with(conv(), hooks, "}"))));
        }
    }

    @Test
    void thePickledTransformationOfTheInputWins() throws IOException {
        String value = pickled(resnet("googlenet"));
        for (Map.Entry<String, String> each :
                Map.of(TRUE, "googlenet-transform-input", FALSE, "googlenet").entrySet()) {
            Path file = write(with(value, "transform_input", each.getKey()));
            Generated generated = Objects.requireNonNull(
                    NetworkFile.open(NetworkChoice.of(file)).generated());
            assertEquals(each.getValue(), generated.architecture());
            Generated chosen = Objects.requireNonNull(
                    NetworkFile.open(new NetworkChoice(file, "googlenet", null)).generated());
            assertEquals("googlenet", chosen.architecture());
        }
    }

    private static ModuleSpec at(ModuleSpec module, String path) {
        ModuleSpec inner = module;
        for (String name : path.split("\\.")) {
            inner = Objects.requireNonNull(inner.submodules().get(name), name);
        }
        return inner;
    }

    @Test
    void attentionOfOtherHeadsIsRefused() throws IOException {
        ModuleSpec attention = at(resnet("vit_b_32"), "encoder.layers.encoder_layer_0.self_attention");
        String value = pickled(attention);
        assertEquals(attention, settings(attention, with(value, "num_heads", number(12), "batch_first", TRUE)));
        assertRefused(
                "its num_heads is 6, the published network's is 12",
                () -> settings(attention, with(value, "num_heads", number(6), "batch_first", TRUE)));
        assertRefused("batch_first", () -> settings(attention, with(value, "num_heads", number(12))));
        assertRefused("its num_heads is no whole number", () -> settings(attention, value));
    }

    @Test
    void otherWindowsAreRefused() throws IOException {
        ModuleSpec attention = at(resnet("swin_t"), "features.1.1.attn");
        String value = with(pickled(attention), "num_heads", number(3), "window_size", longs(7, 7));
        assertEquals(attention, settings(attention, with(value, "shift_size", longs(3, 3))));
        assertRefused(
                "its shift_size is [0, 0], the published network's is [3, 3]",
                () -> settings(attention, with(value, "shift_size", longs(0, 0))));
    }

    @Test
    void plainNetworksUseAllTensorsAndRealOnes() {
        Map<String, long[]> pruned = Map.of("weight", new long[] {4, 3}, "bias_orig", new long[] {4});
        assertRefused(
                "tensor 0.bias_orig: is of no use to its layer's class",
                () -> NetworkFile.open(
                        NetworkChoice.of(write(sequential("0", layer("linear.Linear", pruned), "1", RELU)))));
        String whole = TinyPickle.view(TinyPickle.storage("LongStorage", "1", 12), 0, longs(4, 3), longs(3, 1));
        String linear = module("torch.nn.modules.linear.Linear", List.of("weight", whole, "bias", "N"), List.of(), "}");
        assertRefused(
                "0.weight: has numbers of the type LONG",
                () -> NetworkFile.open(NetworkChoice.of(write(sequential("0", linear)))));
        assertRefused(
                "module 1: is of the class",
                () -> PickledNetworks.plain(
                        NET,
                        open(sequential(
                                "0", conv(), "1", module("torch.nn.modules.a(b.ReLU", List.of(), List.of(), "}")))));
        assertRefused(
                "has a layer of no class known",
                () -> PickledNetworks.plain(NET, open(sequential("0", conv(), "1", text("no module")))));
    }

    @Test
    void wordsOfTheLanguageMayNameLayers() throws IOException {
        ModuleSpec net = PickledNetworks.plain(NET, open(sequential("in", conv(), "is", RELU)));
        assertEquals("x = (getattr(self, \"in\")).forward(x, )", net.body().get(0));
    }
}
