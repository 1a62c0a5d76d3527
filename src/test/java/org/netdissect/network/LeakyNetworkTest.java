package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.SharedData;
import org.netdissect.torchscript.Edit;
import org.netdissect.torchscript.ModuleNode;
import org.netdissect.torchscript.RectifierCount;
import org.netdissect.torchscript.Rewrite;
import org.netdissect.torchscript.TinyArchive;
import org.netdissect.torchscript.TorchScriptArchive;

/** Taps with leaky rectifiers, taps of the output and gradients, in the engine. */
class LeakyNetworkTest {
    private static final float[] ODD = {
        -0f,
        0f,
        1f,
        -1f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        6f,
        6.0000005f,
        -65505f,
        3f,
        -3f,
        2.5f,
        -2.5f
    };

    /** Gradient of the output's sum with respect to the input, and with respect to the layer's stored output. */
    private static final String GRADIENTS = """
            def of_input(self, x: Tensor) -> Tensor:
              leaf = torch.requires_grad_(torch.detach(x))
              taps = (self).forward_tapped_leaky(leaf, )
              g = torch.autograd.grad([torch.sum(taps["(output)"])], [leaf])[0]
              return torch.detach(torch._unwrap_optional(g))
            def of_plain_input(self, x: Tensor) -> Tensor:
              leaf = torch.requires_grad_(torch.detach(x))
              taps = (self).forward_tapped(leaf, )
              g = torch.autograd.grad([torch.sum(taps["(output)"])], [leaf])[0]
              return torch.detach(torch._unwrap_optional(g))
            def of_layer(self, x: Tensor) -> Tensor:
              taps = (self).forward_tapped(torch.requires_grad_(torch.detach(x)), )
              g = torch.autograd.grad([torch.sum(taps["(output)"])], [taps["a"]])[0]
              return torch.detach(torch._unwrap_optional(g))
            """;

    @TempDir
    Path scratch;

    private interface Question {
        void ask(Run run);
    }

    private record Run(Model model, NDManager manager) {
        /** Results of a method by name; a tensor alone has the name "". */
        NDList outputs(String method, NDArray... tensors) {
            NDList inputs = new NDList(tensors);
            NDArray name = manager.create(0f);
            name.setName("module_method:" + method);
            inputs.add(name);
            // both are kept by thread; DJL turns gradients off in the thread that starts the engine
            JniUtils.setGraphExecutorOptimize(false);
            boolean before = JniUtils.isGradMode();
            JniUtils.setGradMode(true);
            try {
                return IValueUtils.forward((PtSymbolBlock) model.getBlock(), inputs, true);
            } finally {
                JniUtils.setGradMode(before);
            }
        }

        float[] output(String method, NDArray... tensors) {
            return outputs(method, tensors).get(0).toFloatArray();
        }
    }

    private void rewritten(Path file, Rewrite rewrite, Question question) throws Exception {
        Path copy = scratch.resolve("rewritten.pt");
        try (OutputStream out = Files.newOutputStream(copy)) {
            TorchScriptArchive.open(file).rewrite(rewrite, "cpu", out);
        }
        Engines.get();
        try (Model model = Model.newInstance("rewritten", Device.cpu(), "PyTorch")) {
            model.load(copy, null, Map.of("trainParam", "true", "mapLocation", "true"));
            question.ask(new Run(model, model.getNDManager()));
        }
    }

    private Path tiny(String body) throws Exception {
        return new TinyArchive()
                .code("""
                        class A(Module):
                          __parameters__ = []
                          __buffers__ = []
                          def forward(self: __torch__.A,
                            x: Tensor) -> Tensor:
                        %s
                        class Net(Module):
                          __parameters__ = []
                          __buffers__ = []
                          a : __torch__.A
                          def forward(self: __torch__.Net,
                            x: Tensor) -> Tensor:
                            y = (self.a).forward(torch.mul(x, 1), )
                            return torch.mul(y, 2)
                        def hard(input: Tensor,
                            low: float,
                            inplace: bool=False) -> Tensor:
                          if inplace:
                            result = torch.hardtanh_(input, low, 6.)
                          else:
                            result = torch.hardtanh(input, low, 6.)
                          return result
                        """.formatted(body.indent(4).stripTrailing()))
                .runnable("a", "A")
                .writeTo(scratch);
    }

    private static Rewrite leaky(String methods, String... layers) {
        List<Edit> edits = new ArrayList<>();
        Arrays.asList(layers).forEach(layer -> edits.add(new Edit.Tap(layer)));
        edits.add(new Edit.Tap(TorchScriptArchive.OUTPUT));
        return new Rewrite(edits, true, methods);
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    private static void assertSameTaps(Run run, int taps, NDArray input) {
        NDList plain = run.outputs(TorchScriptArchive.TAPPED_METHOD, input);
        NDList leaky = run.outputs(TorchScriptArchive.TAPPED_LEAKY_METHOD, input);
        assertEquals(taps, plain.size());
        assertEquals(taps, leaky.size());
        for (NDArray tap : plain) {
            NDArray other = Objects.requireNonNull(LayerReader.byName(leaky, tap.getName()), tap.getName());
            assertArrayEquals(bits(tap.toFloatArray()), bits(other.toFloatArray()), tap.getName());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return torch.relu(x)",
                "return torch.relu_(x)",
                "return torch.relu6(x)",
                "return torch.hardtanh(x, -1., 1.)",
                "return torch.hardtanh(x)",
                "return torch.hardtanh_(x, 0., 6.)",
                "return torch.clamp(x, 0, 6)",
                "return torch.clamp_(x, 0.5)",
                "return torch.clamp(x, None, 1.)",
                "return torch.clamp(x, max=1, min=-1)",
                "return torch.clamp_min_(x, 0)",
                "return torch.clamp_max(x, 2)",
                "return torch.threshold(x, 1., 7.)",
                "return torch.threshold_(x, 0., 0.)",
                "return torch.hardswish(x)",
                "return torch.hardswish_(x)",
                "return torch.hardsigmoid_(x)",
                "return torch.type_as(torch.relu(torch.arange(18)), x)",
                "return __torch__.hard(x, -1., True, )",
                "f = __torch__.hard\nreturn f(x, 0., )"
            })
    void valuesAreTheSameBits(String body) throws Exception {
        Path file = tiny(body);
        RectifierCount count = TorchScriptArchive.open(file).rectifiers();
        assertTrue(count.leaky() > 0, "not recognised");
        assertEquals(0, count.left());
        rewritten(
                file,
                leaky("", "a"),
                run -> assertSameTaps(run, 2, run.manager().create(ODD)));
    }

    /** Whoever reads a tensor after an operator in place sees rectified values, also through views and other names. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "y = torch.relu_(x)\nreturn torch.add(x, y)",
                "y = torch.relu_(torch.slice(x, 0, 2, 9))\nreturn torch.neg(x)",
                "v = torch.view(x, [2, 9])\ny = torch.hardtanh_(torch.select(v, 0, 1), 0., 6.)\nreturn torch.add(x, 1)",
                "z = x\n_0 = torch.relu6_(z)\nreturn torch.mul(x, z)",
                "torch.relu_(x)\ny = torch.clamp_(x, 1, 2)\ny = torch.relu_(torch.add_(y, 3))\nreturn torch.add(y, x)",
                "_0 = __torch__.hard(x, 0., True, )\nreturn x"
            })
    void readersOfAliasesSeeTheSame(String body) throws Exception {
        rewritten(tiny(body), leaky(GRADIENTS, "a"), run -> {
            assertSameTaps(run, 2, run.manager().create(ODD));
            assertEquals(ODD.length, run.output("of_input", run.manager().create(ODD)).length);
        });
    }

    @Test
    void theCallersTensorChangesAsBefore() throws Exception {
        Path file = new TinyArchive().code("""
                        class A(Module):
                          __parameters__ = []
                          __buffers__ = []
                          def forward(self: __torch__.A,
                            x: Tensor) -> Tensor:
                            return torch.relu_(x)
                        class Net(Module):
                          __parameters__ = []
                          __buffers__ = []
                          a : __torch__.A
                          def forward(self: __torch__.Net,
                            x: Tensor) -> Tensor:
                            return (self.a).forward(x, )
                        """).runnable("a", "A").writeTo(scratch);
        rewritten(file, leaky("", "a"), run -> {
            NDArray input = run.manager().create(new float[] {-1, 2});
            run.outputs(TorchScriptArchive.TAPPED_LEAKY_METHOD, input);
            assertArrayEquals(new float[] {0, 2}, input.toFloatArray());
        });
    }

    private static final double S = 0.01;

    private static double leak(double x, double low, double high) {
        return x <= low || x >= high ? S : 1;
    }

    private void gradients(String body, DoubleUnaryOperator slope) throws Exception {
        float[] x = {-70000, -100, -7, -3.5f, -1.5f, -0.25f, 0.25f, 0.75f, 1.5f, 3.5f, 5.5f, 6.5f, 100};
        rewritten(tiny(body), leaky(GRADIENTS, "a"), run -> {
            float[] gradient = run.output("of_input", run.manager().create(x));
            for (int i = 0; i < x.length; i++) {
                assertEquals(2 * slope.applyAsDouble(x[i]), gradient[i], 1e-6, body + " at " + x[i]);
            }
        });
    }

    @Test
    void gradientsHaveASlopeWhereTheRectifierIsFlat() throws Exception {
        double far = Double.POSITIVE_INFINITY;
        for (String in : List.of("", "_")) {
            gradients("return torch.relu%s(x)".formatted(in), x -> leak(x, 0, far));
            gradients("return torch.relu6%s(x)".formatted(in), x -> leak(x, 0, 6));
            gradients("return torch.hardtanh%s(x, -1., 1.)".formatted(in), x -> leak(x, -1, 1));
            gradients("return torch.clamp%s(x, 1, 6)".formatted(in), x -> leak(x, 1, 6));
            gradients("return torch.clamp%s(x, None, 6)".formatted(in), x -> leak(x, -far, 6));
            gradients("return torch.clamp_min%s(x, 1)".formatted(in), x -> leak(x, 1, far));
            gradients("return torch.threshold%s(x, 1, 5)".formatted(in), x -> leak(x, 1, far));
            gradients("return torch.hardsigmoid%s(x)".formatted(in), x -> Math.abs(x) > 3 ? S : 1 / 6.);
            gradients("return torch.hardswish%s(x)".formatted(in), x -> x < -3 ? S : x > 3 ? 1 : x / 3 + 0.5);
        }
    }

    /** The engine's own gradient stays where it is not 0, also at the bounds. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "relu(x)",
                "relu6_(x)",
                "hardtanh(x, -1., 1.)",
                "clamp_(x, -2, 3)",
                "clamp_min(x, 2)",
                "clamp_max_(x, 2)",
                "threshold(x, 1, 5)",
                "hardsigmoid(x)",
                "hardswish_(x)"
            })
    void theSlopeIsAddedToNoOtherGradient(String call) throws Exception {
        float[] x = new float[33];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 16) / 2f;
        }
        rewritten(tiny("return torch." + call), leaky(GRADIENTS, "a"), run -> {
            float[] plain = run.output("of_plain_input", run.manager().create(x));
            float[] leaky = run.output("of_input", run.manager().create(x));
            for (int i = 0; i < x.length; i++) {
                // hardswish has its minimum at -1.5
                boolean flat = plain[i] == 0 && !(call.startsWith("hardswish") && x[i] == -1.5f);
                assertEquals(flat ? (float) (2 * S) : plain[i], leaky[i], 1e-8, "at " + x[i]);
            }
        });
    }

    /** relu(relu(2 x + 1) - 3) */
    @Test
    void slopesOfLayersMultiply() throws Exception {
        gradients("h = torch.relu_(torch.add(torch.mul(x, 2), 1))\nreturn torch.relu(torch.sub(h, 3))", x -> {
            double hidden = 2 * x + 1;
            return 2 * (hidden > 0 ? 1 : S) * (Math.max(hidden, 0) > 3 ? 1 : S);
        });
    }

    /** Every step's gradient by hand, also where the next operators work in place. */
    @Test
    void theGradientOfALayerGoesThroughTheStoredTensor() throws Exception {
        Path file = tiny("return torch.mul(x, 3)");
        List<Edit> edits = List.of(new Edit.Source("a"), new Edit.Tap(TorchScriptArchive.OUTPUT));
        String inPlace = "y = torch.mul_(y, 1)\n    return torch.mul(torch.relu_(y), 2)";
        for (String end : List.of("return torch.mul(y, 2)", inPlace)) {
            String code = TinyArchive.text(file, "net/code/__torch__.py").replace("return torch.mul(y, 2)", end);
            Path changed = new TinyArchive().code(code).runnable("a", "A").writeTo(scratch);
            rewritten(changed, new Rewrite(edits, true, GRADIENTS), run -> {
                NDArray x = run.manager().create(new float[] {1, -2});
                boolean rectified = end.equals(inPlace);
                assertArrayEquals(new float[] {2, rectified ? 0 : 2}, run.output("of_layer", x));
                float[] ofInput = run.output("of_input", x);
                assertEquals(6, ofInput[0], 1e-6);
                assertEquals(rectified ? 0.06 : 6, ofInput[1], 1e-6);
                NDList taps = run.outputs(TorchScriptArchive.TAPPED_METHOD, x);
                NDArray stored = Objects.requireNonNull(LayerReader.byName(taps, "a"));
                assertArrayEquals(new float[] {3, -6}, stored.toFloatArray(), "changed by an operator in place");
            });
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Tensor | return y
                    Tuple[int, Tensor] | return (3, y)
                    Tuple[Tensor, Optional[Tensor]] | return (y, None)
                    List[Tensor] | return [y, x]
                    Dict[str, Tensor] | return {"out": y, "aux": x}
                    Optional[Tensor] | return y
                    Tuple[str, Dict[str, List[Tensor]]] | return ("s", {"z": [y, x]})
                    __torch__.Named | return __torch__.Named(1, y, x)
                    """)
    void theFirstTensorOfTheOutputIsStored(String type, String body) throws Exception {
        String code = TinyArchive.text(tiny("return torch.relu(x)"), "net/code/__torch__.py")
                        .replace("    x: Tensor) -> Tensor:\n    y = ", "    x: Tensor) -> " + type + ":\n    y = ")
                        .replace("return torch.mul(y, 2)", body)
                + "class Named(NamedTuple):\n  n : int\n  first : Tensor\n  second : Tensor\n";
        Path file = new TinyArchive().code(code).runnable("a", "A").writeTo(scratch);
        rewritten(file, leaky("", "a"), run -> {
            NDArray x = run.manager().create(new float[] {-1, 2});
            assertSameTaps(run, 2, x);
            for (NDArray tap : run.outputs(TorchScriptArchive.TAPPED_METHOD, x)) {
                assertArrayEquals(new float[] {0, 2}, tap.toFloatArray(), tap.getName());
            }
        });
    }

    private static NDArray images(Run run, int channels) {
        Shape shape = new Shape(1, channels, 64, 64);
        float[] values = new float[(int) shape.size()];
        Random random = new Random(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return run.manager().create(values, shape);
    }

    /** All layers and the output of networks of several makers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "models/squeezenet1_0-imagenet.traced.pt",
                "models/squeezenet1_0-imagenet.scripted.pt",
                "models/squeezenet1_1bn-places365.traced.pt",
                "models/squeezenet1_1bn-places365.scripted.pt",
                "models/espnet-camvid.traced.pt",
                "cases/c10-precision/half.pt",
                "cases/c15-quantised/quant.pt",
                "cases/c11-channels/ch1.pt"
            })
    void tapsOfRealNetworksAreTheSameBits(String name) throws Exception {
        Path file = SharedData.require(name);
        TorchScriptArchive archive = TorchScriptArchive.open(file);
        String[] layers = archive.modules().stream()
                .filter(module -> module.tappable() && module.returnType().equals(Optional.of("Tensor")))
                .map(ModuleNode::name)
                .toArray(String[]::new);
        rewritten(file, leaky("", layers), run -> {
            NDArray input = images(run, name.contains("ch1") ? 1 : 3);
            assertSameTaps(run, layers.length + 1, input);
            NDList output = run.outputs(TorchScriptArchive.TAPPED_METHOD, input);
            assertArrayEquals(
                    run.output(name.contains("half") ? TorchScriptArchive.CAST_METHOD : "forward", input),
                    Objects.requireNonNull(LayerReader.byName(output, TorchScriptArchive.OUTPUT))
                            .toFloatArray());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"traced", "scripted"})
    void aRealNetworkHasGradientsWhereItIsDead(String form) throws Exception {
        Path file = SharedData.require("models/squeezenet1_0-imagenet." + form + ".pt");
        RectifierCount count = TorchScriptArchive.open(file).rectifiers();
        assertEquals(new RectifierCount(form.equals("traced") ? 26 : 2, 0), count);
        String methods = """
                def ascend(self, x: Tensor, leaky: bool) -> Dict[str, Tensor]:
                  leaf = torch.requires_grad_(torch.detach(x))
                  if leaky:
                    taps = (self).forward_tapped_leaky(leaf, )
                  else:
                    taps = (self).forward_tapped(leaf, )
                  sums = torch.sum(taps["features.12"], [0, 2, 3])
                  found = annotate(List[Tensor], [])
                  for i in range(64):
                    g = torch.autograd.grad([torch.select(sums, 0, i)], [leaf], None, True)[0]
                    torch.append(found, torch.max(torch.abs(torch._unwrap_optional(g))))
                  return {"largest": torch.detach(torch.stack(found)), "sums": torch.detach(sums)}
                def plain(self, x: Tensor) -> Dict[str, Tensor]:
                  return (self).ascend(torch.slice(x, 1, 0, 3), False, )
                def leaky(self, x: Tensor) -> Dict[str, Tensor]:
                  return (self).ascend(torch.slice(x, 1, 0, 3), True, )
                """;
        Rewrite rewrite = new Rewrite(List.of(new Edit.Tap("features.12")), true, methods);
        rewritten(file, rewrite, run -> {
            NDArray input = images(run, 3).mul(0.01f);
            NDList plain = run.outputs("plain", input);
            NDList leaky = run.outputs("leaky", input);
            float[] sums = plain.get(1).toFloatArray();
            int dead = 0;
            for (int i = 0; i < 64; i++) {
                boolean off = sums[i] == 0;
                assertEquals(off, plain.get(0).getFloat(i) == 0, "unit " + i);
                assertTrue(leaky.get(0).getFloat(i) > 0, "unit " + i);
                dead += off ? 1 : 0;
            }
            assertArrayEquals(sums, leaky.get(1).toFloatArray());
            assertTrue(dead > 10, dead + " dead units");
        });
    }

    @Test
    void leakyTapsTakeTheTensorsOfChanges() throws Exception {
        List<Edit> edits = List.of(new Edit.Scale("a", "mask"), new Edit.Tap(TorchScriptArchive.OUTPUT));
        rewritten(tiny("return torch.relu_(x)"), new Rewrite(edits, true, ""), run -> {
            NDArray x = run.manager().create(new float[] {-1, 2, 3});
            NDArray mask = run.manager().create(new float[] {1, 1, 0});
            float[] expected = {0, 4, 0};
            assertArrayEquals(expected, run.output(TorchScriptArchive.TAPPED_LEAKY_METHOD, x, mask));
            assertArrayEquals(expected, run.output(TorchScriptArchive.EDITED_METHOD, x, mask));
        });
    }

    /** Loading compiles all methods. */
    @ParameterizedTest
    @ValueSource(strings = {"scripted_ssd", "scripted_mlp"})
    void networksOfOtherMakersLoad(String name) throws Exception {
        Path file = SharedData.require("torchscript/" + name + ".pt");
        TorchScriptArchive archive = TorchScriptArchive.open(file);
        assertTrue(archive.rectifiers().leaky() > 0);
        List<Edit> layers = archive.modules().stream()
                .filter(ModuleNode::tappable)
                .<Edit>map(module -> new Edit.Tap(module.name()))
                .toList();
        rewritten(file, new Rewrite(layers, true, ""), run -> {});
    }

    @Test
    void gradientsPassHalfPrecision() throws Exception {
        Path file = SharedData.require("cases/c10-precision/half.pt");
        String layer = TorchScriptArchive.open(file).modules().stream()
                .filter(ModuleNode::tappable)
                .findFirst()
                .orElseThrow()
                .name();
        String methods = GRADIENTS.replace("\"a\"", "\"" + layer + "\"");
        List<Edit> edits = List.of(new Edit.Source(layer), new Edit.Tap(TorchScriptArchive.OUTPUT));
        rewritten(file, new Rewrite(edits, true, methods), run -> {
            NDArray input = images(run, 3);
            for (String method : List.of("of_input", "of_layer")) {
                assertTrue(run.outputs(method, input).get(0).abs().sum().getFloat() > 0, method);
            }
        });
    }
}
