package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.Failures;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.base.SharedData;
import org.netdissect.torchscript.ModuleNode;
import org.netdissect.torchscript.TinyArchive;
import org.netdissect.torchscript.TorchScriptArchive;

class NetworkTest {
    private static final Path SAMPLE = Path.of("broden-sample", "scenenet.pt");
    private static final GridSize INPUT = new GridSize(64, 64);
    private static final int IMAGES = 3;

    @TempDir
    static Path scratch;

    private static InputBatch input() {
        ByteBuffer input = ByteBuffer.allocateDirect(IMAGES * 3 * INPUT.cells() * Float.BYTES)
                .order(ByteOrder.nativeOrder());
        Random random = new Random(1);
        while (input.hasRemaining()) {
            input.putFloat((float) random.nextGaussian());
        }
        return new InputBatch(input.flip(), IMAGES, 3, INPUT);
    }

    private static LayerMaps maps(TorchScriptArchive archive) throws IOException {
        return LayerMaps.of(archive, Map.of(), INPUT);
    }

    private static float[] tapped(TorchScriptArchive archive, List<String> layers, String layer) throws IOException {
        try (LoadedNetwork network = LoadedNetwork.load(archive, layers, ComputeDevice.CPU, scratch);
                LayerOutputs outputs = new TappedForward(network, maps(archive)).forward(input())) {
            ByteBuffer values = outputs.layer(layer).values();
            float[] copy = new float[values.remaining() / Float.BYTES];
            values.order(ByteOrder.nativeOrder()).asFloatBuffer().get(copy);
            return copy;
        }
    }

    private static float[] untouched(TorchScriptArchive archive) throws IOException {
        try (LoadedNetwork network = LoadedNetwork.load(archive, List.of(), ComputeDevice.CPU, scratch)) {
            return BareForward.values(network, input());
        }
    }

    private static List<String> tappable(TorchScriptArchive archive) {
        return archive.modules().stream()
                .filter(ModuleNode::tappable)
                .map(ModuleNode::name)
                .toList();
    }

    /** With taps on every layer, the last layer has the network's output, bit by bit. */
    @Test
    void tapsOfTheSampleAreBitEqual() throws IOException {
        TorchScriptArchive archive = TorchScriptArchive.open(SAMPLE);
        List<String> all = tappable(archive);
        String last = all.get(all.size() - 1);
        assertArrayEquals(untouched(archive), tapped(archive, all, last));
        assertArrayEquals(untouched(archive), tapped(archive, List.of(last), last));
        assertArrayEquals(tapped(archive, List.of("layer2"), "layer2"), tapped(archive, all, "layer2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"traced", "scripted"})
    void tapsOfARealNetworkAreBitEqual(String form) throws IOException {
        TorchScriptArchive archive =
                TorchScriptArchive.open(SharedData.require("models/squeezenet1_0-imagenet." + form + ".pt"));
        assertArrayEquals(untouched(archive), tapped(archive, tappable(archive), "classifier.3"));
    }

    /** The network ends in a mean over act10's maps. */
    @ParameterizedTest
    @ValueSource(strings = {"traced", "scripted"})
    void tapsBeforeAMeanAreItsTerms(String form) throws IOException {
        TorchScriptArchive archive =
                TorchScriptArchive.open(SharedData.require("models/squeezenet1_1bn-places365." + form + ".pt"));
        float[] output = untouched(archive);
        float[] maps = tapped(archive, tappable(archive), "act10");
        int cells = maps.length / output.length;
        for (int i = 0; i < output.length; i++) {
            double sum = 0;
            for (int cell = 0; cell < cells; cell++) {
                sum += maps[i * cells + cell];
            }
            assertEquals(sum / cells, output[i], 1e-5 * Math.max(1, Math.abs(output[i])));
        }
        assertArrayEquals(tapped(archive, List.of("fire5"), "fire5"), tapped(archive, tappable(archive), "fire5"));
    }

    @Test
    void outputsOfFullyConnectedLayersAreMapsOfOneCell() throws IOException {
        TorchScriptArchive archive = TorchScriptArchive.open(SAMPLE);
        List<String> all = tappable(archive);
        String last = all.get(all.size() - 1);
        try (LoadedNetwork network = LoadedNetwork.load(archive, List.of(last), ComputeDevice.CPU, scratch);
                LayerOutputs outputs = new TappedForward(network, maps(archive)).forward(input())) {
            assertEquals(new GridSize(1, 1), outputs.layer(last).map());
        }
    }

    @Test
    void aGpuThatIsNotThereIsAnError() throws IOException {
        TorchScriptArchive archive = TorchScriptArchive.open(SAMPLE);
        String message = Failures.message(
                InputException.class,
                () -> LoadedNetwork.load(archive, List.of("layer5"), new ComputeDevice("gpu:99"), scratch));
        assertTrue(message.contains("gpu:99"), message);
    }

    @Test
    void aNetworkThatFailsSaysWhyInOneLine() throws IOException {
        TorchScriptArchive archive = TorchScriptArchive.open(SharedData.require("torchscript/scripted_mlp.pt"));
        try (LoadedNetwork network = LoadedNetwork.load(archive, List.of("1"), ComputeDevice.CPU, scratch)) {
            TappedForward tapped = new TappedForward(network, maps(archive));
            String message = Failures.message(RunException.class, () -> tapped.forward(input()));
            assertEquals(1, message.lines().count(), message);
            assertTrue(message.contains("64x64") && message.contains("shapes cannot be multiplied"), message);
        }
    }

    /** Forward passes by method name, for later gradients and edits. */
    @Test
    void aNamedMethodTakesTensorsInTheOrderOfItsParameters() throws IOException {
        String code = """
                class Net(Module):
                  __parameters__ = []
                  __buffers__ = []
                  id : __torch__.Id
                  def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                    return (self.id).forward(x, )
                  def edited(self: __torch__.Net, x: Tensor, scale: Tensor) -> Dict[str, Tensor]:
                    return {"scaled": torch.mul((self.id).forward(x, ), scale), "scale": scale}
                class Id(Module):
                  __parameters__ = []
                  __buffers__ = []
                  def forward(self: __torch__.Id, x: Tensor) -> Tensor:
                    return torch.add(x, 1)
                """;
        Path file = new TinyArchive().code(code).runnable("id", "Id").writeTo(scratch);
        try (LoadedNetwork network =
                        LoadedNetwork.load(TorchScriptArchive.open(file), List.of(), ComputeDevice.CPU, scratch);
                NDManager manager = network.newManager()) {
            NDArray two = manager.create(new float[] {1, 2});
            NDArray scale = manager.create(new float[] {10, 100});
            NDList results = network.run(manager, "edited", new NDList(two, scale));
            assertArrayEquals(new float[] {20, 300}, values(results, "scaled"));
            assertArrayEquals(new float[] {10, 100}, values(results, "scale"));
            NDList untouched = network.run(manager, "forward", new NDList(two));
            assertArrayEquals(new float[] {2, 3}, untouched.get(0).toFloatArray());
        }
    }

    private static float[] values(NDList results, String name) {
        return Objects.requireNonNull(LayerReader.byName(results, name)).toFloatArray();
    }
}
