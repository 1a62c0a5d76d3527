package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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

/** Activations depend on one image alone; otherwise a run notes or refuses it. */
class ImagesAloneTest {
    private static final String CODE = """
            class Net(Module):
              __parameters__ = []
              __buffers__ = []
              first : __torch__.First
              layer : __torch__.Layer
              def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                return (self.layer).forward((self.first).forward(x, ), )
            class First(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.First, x: Tensor) -> Tensor:
                p = torch.add(torch.mul(torch.arange(24, dtype=6), 0.25), 1.)
                return torch.sin(torch.mul(torch.avg_pool2d(x, [4, 4]), torch.reshape(p, [1, 1, 4, 6])))
            class Layer(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Layer, x: Tensor) -> Tensor:
                return EXPRESSION
            """;
    private static final GridSize IMAGE = new GridSize(16, 24);
    private static final String ALONE = "the network runs one image at a time, as with --batch 1: ";

    @TempDir
    static Path folder;

    private static Path probe;

    @BeforeAll
    static void make() throws IOException {
        TinyProbe tiny =
                TinyProbe.in(folder.resolve("probe")).category("object").label(1, "cat", "object", 1);
        for (int i = 0; i < 7; i++) {
            // the first two are the same, as in many probe sets
            tiny.image("i" + i + ".png", "train", IMAGE, 0x102030 * Math.max(1, i), new GridSize(4, 6))
                    .plane("object", "1 1 0 0 0 0", "1 1 0 0 0 0", "0 0 0 0 0 0", "0 0 0 0 0 0");
        }
        probe = tiny.write();
    }

    private static Path net(String expression) throws IOException {
        return new TinyArchive()
                .code(CODE.replace("EXPRESSION", expression))
                .runnable("first", "First", "layer", "Layer")
                .writeTo(folder);
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

    private static NpyFloats activations(String expression, Object... more) throws IOException {
        Path to = fresh();
        Cli run = dissect(net(expression), "layer", probe, to, more);
        assertEquals(0, run.code(), run.toString());
        return NpyFloats.cached(to.resolve("cache"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "torch.dropout(x, 0.5, True)|torch.mul(x, 1.)",
                "torch.feature_dropout(x, 0.5, True)|torch.mul(x, 1.)",
                "torch.alpha_dropout(x, 0.5, True)|torch.mul(x, 1.)",
                "torch.dropout_(x, 0.5, True)|torch.mul(x, 1.)",
                "torch.rrelu(x, 0.25, 0.75, True, None)|torch.leaky_relu(x, 0.5)",
                "torch.batch_norm(x, None, None, torch.zeros([3]), torch.ones([3]), True, 0.1, 1e-05, True)"
                        + "|torch.mul(x, 0.999995)",
                "torch.instance_norm(x, None, None, torch.zeros([3]), torch.ones([3]), True, 0.1, 1e-05, True)"
                        + "|torch.mul(x, 0.999995)",
            })
    void aNetworkTracedInTrainingModeGivesTheNumbersOfEvaluation(String traced, String evaluated) throws IOException {
        Path to = fresh();
        Cli run = dissect(net(traced), "layer", probe, to);
        assertEquals(0, run.code(), run.toString());
        assertTrue(
                run.err()
                        .contains("note: the network was traced in training mode: its batch norms and dropout run as "
                                + "after eval()"),
                run.toString());
        assertFalse(run.err().contains("channels-last"), run.toString());
        NpyFloats.cached(to.resolve("cache")).expectCloseTo(activations(evaluated), 1e-5);
        assertTrue(Files.readString(to.resolve("out/run.json")).contains("\"activations.mode\" : \"evaluation\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch.add(x, torch.rand_like(x))",
                "torch.mul(x, torch.bernoulli(torch.full_like(x, 0.5)))",
                "torch.add(x, torch.mul(torch.randn([3, 1, 1]), 0.01))",
            })
    void randomNumbersAreRefused(String expression) throws IOException {
        for (int batch : new int[] {1, 4}) {
            Cli run = dissect(net(expression), "layer", probe, fresh(), "--batch", batch);
            assertEquals(2, run.code(), run.toString());
            assertTrue(run.errorLine().contains("layer layer gives other activations when the same images pass again"));
            assertTrue(run.errorLine().contains("eval()"), run.toString());
            assertFalse(run.err().contains("channels-last"), run.toString());
        }
        assertEquals(0, dissect(net(expression), "first", probe, fresh()).code(), "a layer before it is all right");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch.sub(x, torch.mul(torch.mean(x, [0], True), 0.5))",
                "torch.batch_norm(x, None, None, None, None, True, 0.1, 1e-05, True)",
                "torch.reshape(torch.softmax(torch.reshape(x, [1, -1]), 1), [-1, 3, 4, 6])",
                "torch.view(torch.contiguous(x), [1, 3, 4, -1])",
                "torch.add(x, torch.select(x, 0, 0))",
                "torch.add(x, torch.select(x, 0, -1))",
            })
    void whatMixesABatchRunsOneByOne(String expression) throws IOException {
        Path to = fresh();
        Cli run = dissect(net(expression), "layer", probe, to);
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.err().contains(ALONE), run.toString());
        assertFalse(run.err().contains("gives other activations"), run.toString());
        NpyFloats right = activations(expression, "--batch", 1);
        assertEquals(right.values(), NpyFloats.cached(to.resolve("cache")).values());
        assertTrue(Files.readString(to.resolve("out/run.json")).contains("\"batches\" : [ 1 ]"));

        Cli again = Cli.run(
                "dissect",
                "--model",
                net(expression),
                "--layer",
                "layer",
                "--probe",
                probe,
                "--preprocess",
                "imagenet",
                "--no-cache",
                "--out",
                to.resolve("streamed"));
        assertEquals(0, again.code(), again.toString());
        assertTrue(again.err().contains(ALONE), again.toString());
        assertEquals(
                Files.readString(to.resolve("out/layer/detectors.csv")),
                Files.readString(to.resolve("streamed/layer/detectors.csv")));
    }

    @Test
    void anExplanationRunsAsItsRunDid() throws IOException {
        Path to = fresh();
        Path model = net("torch.sub(x, torch.mul(torch.mean(x, [0, 1], True), 2.))");
        assertEquals(0, dissect(model, "layer", probe, to).code());
        Cli run = Cli.run("explain", to.resolve("out"), probe.resolve("images/i3.png"), "--no-page");
        assertEquals(0, run.code(), run.toString());
        assertFalse(run.err().contains("netdissect:"), run.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch.batch_norm(torch.mean(x, [2, 3]), None, None, None, None, True, 0.1, 1e-05, True)",
                "torch.embedding(torch.randn([8, 4]), torch.unsqueeze(torch.arange(6), 0))",
            })
    void whatIsNoImagesAloneIsRefused(String expression) throws IOException {
        Cli run = dissect(net(expression), "layer", probe, fresh());
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains("layer"), run.toString());
    }

    @Test
    void aConstantWithoutARowForEachImageIsRefused() throws IOException {
        Cli run = dissect(net("torch.reshape(torch.arange(24), [1, 2, 3, 4])"), "layer", probe, fresh());
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains("has no row for each image"), run.toString());
    }

    /** A network that drops the batch dimension for one image, and is correct for several. */
    @Test
    void aNetworkThatTakesNoSingleImageRunsInBatches() throws IOException {
        Path to = fresh();
        Cli run = dissect(net("torch.squeeze(torch.mean(x, [2, 3], True))"), "layer", probe, to, "--limit", 6);
        assertEquals(0, run.code(), run.toString());
        assertFalse(run.err().contains(ALONE), run.toString());
    }

    @ParameterizedTest
    @CsvSource({"train_trace,bn,2", "train_trace,bn,4", "train_trace,conv2,4", "eval_trace,conv2,4"})
    void casesTracedInTrainingMode(String model, String layer, int batch) throws IOException {
        Path cases = SharedData.require("cases");
        Path here = cases.resolve("c05-not-in-evaluation-mode");
        Path to = fresh();
        Cli run = dissect(here.resolve(model + ".pt"), layer, cases.resolve("probe64"), to, "--batch", batch);
        assertEquals(0, run.code(), run.toString());
        assertEquals(model.startsWith("train"), run.err().contains("training mode"), run.toString());
        NpyFloats.cached(to.resolve("cache"))
                .expectCloseTo(NpyFloats.read(here.resolve("right." + layer + ".npy")), 1e-5);
    }

    @Test
    void casesOfABakedInBatch() throws IOException {
        Path cases = SharedData.require("cases");
        Path here = cases.resolve("c06-batch-of-one-baked-in");
        Path to = fresh();
        Cli run = dissect(here.resolve("mix.pt"), "c2", cases.resolve("probe64"), to);
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.err().contains(ALONE + "in layer c2"), run.toString());
        NpyFloats.cached(to.resolve("cache")).expectCloseTo(NpyFloats.read(here.resolve("right.mix.c2.npy")), 1e-5);

        Cli baked = dissect(here.resolve("baked_view1.pt"), "fc", cases.resolve("probe64"), fresh());
        assertEquals(0, baked.code(), baked.toString());
        assertTrue(baked.err().contains(ALONE + "it fails on two images"), baked.toString());
        assertFalse(baked.err().contains("--input-size"), baked.toString());
    }
}
