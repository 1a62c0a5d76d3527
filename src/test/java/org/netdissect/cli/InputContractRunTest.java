package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * Type, channels and device of the input come from the archive; outputs are read as numbers, or refused by all
 * commands.
 */
class InputContractRunTest {
    private static final String CODE = """
            class Net(Module):
              __parameters__ = []
              __buffers__ = []
              layer : __torch__.Layer
              def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                return (self.layer).forward(x, )
            class Layer(Module):
              __parameters__ = ["w", ]
              __buffers__ = []
              w : Tensor
              def forward(self: __torch__.Layer, x: Tensor) -> Tensor:
                return EXPRESSION
            """;
    private static final String CONVOLUTION = "torch.conv2d(x, self.w, None, [4, 4])";
    private static final GridSize IMAGE = new GridSize(16, 24);

    @TempDir
    static Path folder;

    private static Path probe;

    @BeforeAll
    static void make() throws IOException {
        TinyProbe tiny =
                TinyProbe.in(folder.resolve("probe")).category("object").label(1, "cat", "object", 1);
        for (int i = 0; i < 5; i++) {
            tiny.image("i" + i + ".png", "train", IMAGE, 0x304010 * (i + 1), new GridSize(4, 6))
                    .plane("object", "1 1 0 0 0 0", "1 1 0 0 0 0", "0 0 0 0 0 0", "0 0 0 0 0 0");
        }
        probe = tiny.write();
    }

    /** Network of a 1x1 convolution with weights 0.5, -1, 2, 0.5, ..., which are exact in all types. */
    private static Path net(String expression, String storage, String device, int... shape) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        int count = java.util.stream.IntStream.of(shape).reduce(1, (one, other) -> one * other);
        for (int i = 0; i < count; i++) {
            float value = new float[] {0.5f, -1, 2}[i % 3];
            switch (storage) {
                case "FloatStorage" -> data.putFloat(value);
                case "DoubleStorage" -> data.putDouble(value);
                case "HalfStorage" -> data.putShort((short) (value == 0.5f ? 0x3800 : value == 2 ? 0x4000 : 0xbc00));
                default -> data.putShort((short) (Float.floatToRawIntBits(value) >> 16));
            }
        }
        byte[] bytes = new byte[data.position()];
        data.flip().get(bytes);
        return new TinyArchive()
                .code(CODE.replace("EXPRESSION", expression))
                .weighted("layer", "Layer", storage, device, shape, bytes)
                .writeTo(folder);
    }

    private static Cli dissect(Path model, Path to, Object... more) {
        return dissect(model, "layer", probe, to, more);
    }

    private static Cli dissect(Path model, String layer, Path probe, Path to, Object... more) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--model", model, "--layer", layer, "--probe", probe));
        args.addAll(List.of("--preprocess", "imagenet", "--out", to.resolve("out"), "--cache", to.resolve("cache")));
        args.addAll(List.of(more));
        return Cli.run(args.toArray());
    }

    private static Path fresh() throws IOException {
        return Files.createTempDirectory(folder, "run");
    }

    private static NpyFloats activations(Path model, Object... more) throws IOException {
        Path to = fresh();
        Cli run = dissect(model, to, more);
        assertEquals(0, run.code(), run.toString());
        return NpyFloats.cached(to.resolve("cache"));
    }

    @ParameterizedTest
    @CsvSource({"HalfStorage,0.01", "BFloat16Storage,0.1", "DoubleStorage,1e-5"})
    void inputIsCastToTheNetworksTypeAndBack(String storage, double tolerance) throws IOException {
        NpyFloats right = activations(net(CONVOLUTION, "FloatStorage", "cpu", 2, 3, 1, 1));
        Path model = net(CONVOLUTION, storage, "cpu", 2, 3, 1, 1);
        activations(model).expectCloseTo(right, tolerance);
        Cli listed = Cli.run("layers", model, "--input-size", "16,24");
        assertEquals(0, listed.code(), listed.toString());
        assertTrue(listed.out().contains("yes"), listed.toString());
    }

    @Test
    void classScoresOfANetworkInHalfPrecisionAreReadToo() throws IOException {
        Path model = net("torch.mean(" + CONVOLUTION + ", [2, 3])", "BFloat16Storage", "cpu", 2, 3, 1, 1);
        Path named =
                Files.copy(model, Files.createDirectory(folder.resolve("named")).resolve("net.pt"));
        Files.writeString(named.resolveSibling("net.json"), "{\"classes\": [\"one\", \"two\"]}");
        Path to = fresh();
        assertEquals(0, dissect(named, to).code());
        Cli run = Cli.run("explain", to.resolve("out"), probe.resolve("images/i1.png"), "--no-page", "--json");
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.out().contains("\"one\"") && run.out().contains("\"two\""), run.toString());
    }

    @Test
    void weightsAndLiteralsOnAGpuAreMovedToTheCpu() throws IOException {
        NpyFloats right = activations(net(CONVOLUTION, "FloatStorage", "cpu", 2, 3, 1, 1));
        String moved = "torch.add(" + CONVOLUTION + ", torch.zeros([1], dtype=6, layout=None, "
                + "device=torch.device(\"cuda:0\"), pin_memory=False))";
        assertEquals(
                right.values(),
                activations(net(moved, "FloatStorage", "cuda:0", 2, 3, 1, 1)).values());
    }

    @Test
    void aNetworkOfOneChannelSeesGreyAsPillowMakesIt() throws IOException {
        Path model = net(CONVOLUTION, "FloatStorage", "cpu", 1, 1, 1, 1);
        NpyFloats found = activations(model, "--mean", "0.5", "--std", "0.25");
        // 0x304010: R 48, G 64, B 16
        for (int i = 0; i < 3; i++) {
            int grey = (48 * (i + 1) * 19595 + 64 * (i + 1) * 38470 + 16 * (i + 1) * 7471 + 0x8000) >> 16;
            assertEquals((grey / 255f - 0.5f) / 0.25f * 0.5f, found.values().get(i * 24), 1e-6);
        }
        assertEquals(
                found.values(),
                activations(model, "--channels", "grey", "--mean", "0.5", "--std", "0.25")
                        .values());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1||the network takes 1 channel, so images are turned grey: give --mean M and --std S",
                "1|--mean 0.5|the network takes 1 channel, so images are turned grey: give --mean M and --std S",
                "1|--channels BGR --mean 0.5 --std 0.5|the network takes 1 channel, --channels BGR gives it 3",
                "3|--channels grey --mean 0.5 --std 0.5|the network takes 3 channels, --channels grey gives it 1",
                "3|--mean 0.5|expected three numbers",
                "12||the network takes 12 channels, images have 3",
                "2||the network takes 2 channels, images have 3",
            })
    void otherChannelsAreRefused(int channels, String options, String reason) throws IOException {
        Path model = net(CONVOLUTION, "FloatStorage", "cpu", 1, channels, 1, 1);
        Object[] more = options == null ? new Object[0] : options.split(" ");
        Cli run = dissect(model, fresh(), more);
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains(reason), run.toString());
        assertFalse(run.err().contains("--input-size"), run.toString());
        if (channels == 12) {
            Cli listed = Cli.run("layers", model);
            assertEquals(2, listed.code(), listed.toString());
            assertTrue(listed.errorLine().contains(reason), listed.toString());
            assertFalse(listed.out().contains("yes"), listed.toString());
        }
    }

    /** The code does not show these channels; the message names them after the engine's error. */
    @Test
    void channelsThatOnlyTheEngineSeesAreNamedToo() throws IOException {
        String hidden = "torch.conv2d(torch.abs(x), torch.relu(self.w))";
        Cli run = dissect(net(hidden, "FloatStorage", "cpu", 1, 12, 1, 1), fresh());
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains("the network takes 12 channels, images have 3"), run.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "torch.linear(torch.flatten(x, 1), torch.reshape(self.w, [1, 6]))|true",
                "torch.view(x, [-1, 7])|true",
                "torch.add(x, torch.zeros([1, 3, 5, 5]))|true",
                "torch.conv2d(x, torch.to(torch.reshape(self.w, [2, 3, 1, 1]), 7))|false",
                "torch.index_select(x, 1, torch.tensor([7]))|false",
            })
    void theHintOfSizeIsGivenWhereSizeIsAtFault(String expression, boolean hint) throws IOException {
        Path model = net(expression, "FloatStorage", "cpu", 2, 3, 1, 1);
        Cli run = dissect(model, fresh());
        assertEquals(1, run.code(), run.toString());
        assertEquals(hint, run.errorLine().contains("--input-size"), run.toString());
        Cli listed = Cli.run("layers", model, "--input-size", "16,24");
        assertEquals(1, listed.code(), listed.toString());
        assertTrue(listed.out().contains("not run"), listed.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch.quantize_per_tensor(torch.mul(x, 1.), 0.05, 64, 13)",
                "torch.gt(x, 0)",
                "torch.argmax(x, 1, True)",
                "torch.to(x, 15)",
                "torch.to(x, 5)",
                "torch.to(x, 7)",
            })
    void outputsOfAllTypesAreReadAsNumbers(String expression) throws IOException {
        Path model = net(expression, "FloatStorage", "cpu", 2, 3, 1, 1);
        NpyFloats plain = activations(net("torch.mul(x, 1.)", "FloatStorage", "cpu", 2, 3, 1, 1));
        NpyFloats found = activations(model);
        for (int i = 0; i < found.values().capacity(); i++) {
            float x = plain.values().get(i);
            float y = found.values().get(i);
            if (expression.contains("quantize")) {
                assertEquals(x, y, 0.0251);
            } else if (expression.contains("gt")) {
                assertEquals(x > 0 ? 1 : 0, y);
            } else if (expression.contains("torch.to(")) {
                assertEquals(x, y, 0.01);
            } else {
                assertTrue(y == 0 || y == 1 || y == 2);
            }
        }
        Cli listed = Cli.run("layers", model, "--input-size", "16,24");
        assertTrue(listed.code() == 0 && listed.out().contains(" yes"), listed.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"torch.view_as_complex(torch.stack([x, x], -1))", "torch.fft_fft2(x)"})
    void complexNumbersAreRefusedByBoth(String expression) throws IOException {
        Path model = net(expression, "FloatStorage", "cpu", 2, 3, 1, 1);
        Cli run = dissect(model, fresh());
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains("layer layer: its output is complex numbers"), run.toString());
        Cli listed = Cli.run("layers", model, "--input-size", "16,24");
        assertTrue(listed.out().contains("no: its output is complex numbers"), listed.toString());
    }

    @Test
    void aNetworkWithoutSubmodulesIsRefusedByBoth() throws IOException {
        Path frozen = new TinyArchive().code("""
                        class Net(Module):
                          __parameters__ = []
                          __buffers__ = []
                          def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                            return torch.relu(x)
                        """).runnable().writeTo(folder);
        for (Cli run : List.of(dissect(frozen, fresh()), Cli.run("layers", frozen))) {
            assertEquals(2, run.code(), run.toString());
            assertTrue(run.errorLine().contains("it is frozen (torch.jit.freeze)"), run.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "c10-precision/half,body.conv2",
        "c10-precision/bf16,body.conv2",
        "c15-quantised/quant,1",
        "c15-quantised/quant,3",
        "c15-quantised/intout,bo",
        "c15-quantised/intout,am"
    })
    void casesThatAreRead(String model, String layer) throws IOException {
        Path cases = SharedData.require("cases");
        Path file = cases.resolve(model + ".pt");
        Cli run = dissect(file, layer, cases.resolve("probe64"), fresh());
        assertEquals(0, run.code(), run.toString());
        assertEquals(0, Cli.run("layers", file, "--input-size", "64,64").code());
    }
}
