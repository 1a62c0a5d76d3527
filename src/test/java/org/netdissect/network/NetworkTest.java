package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
import org.netdissect.torchscript.TorchScriptArchive;

class NetworkTest {
    private static final Path SAMPLE = Path.of("broden-sample", "scenenet.pt");
    private static final GridSize INPUT = new GridSize(64, 64);
    private static final int IMAGES = 3;

    @TempDir
    static Path scratch;

    private static ByteBuffer input() {
        ByteBuffer input = ByteBuffer.allocateDirect(IMAGES * 3 * INPUT.cells() * Float.BYTES)
                .order(ByteOrder.nativeOrder());
        Random random = new Random(1);
        while (input.hasRemaining()) {
            input.putFloat((float) random.nextGaussian());
        }
        return input.flip();
    }

    private static LayerMaps maps(TorchScriptArchive archive) throws IOException {
        return LayerMaps.of(archive, Map.of(), INPUT);
    }

    private static float[] tapped(TorchScriptArchive archive, List<String> layers, String layer) throws IOException {
        try (Network network = Network.load(archive, layers, maps(archive), ComputeDevice.CPU, scratch);
                LayerOutputs outputs = network.forward(input(), IMAGES, INPUT)) {
            ByteBuffer values = outputs.layer(layer).values();
            float[] copy = new float[values.remaining() / Float.BYTES];
            values.order(ByteOrder.nativeOrder()).asFloatBuffer().get(copy);
            return copy;
        }
    }

    private static float[] untouched(TorchScriptArchive archive) throws IOException {
        try (Network network = Network.load(archive, List.of(), maps(archive), ComputeDevice.CPU, scratch)) {
            return network.output(input(), IMAGES, INPUT);
        }
    }

    private static List<String> tappable(TorchScriptArchive archive) {
        return archive.modules().stream()
                .filter(ModuleNode::tappable)
                .map(ModuleNode::name)
                .toList();
    }

    /** With every layer tapped, the last one's values are the network's own, bit by bit. */
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

    /** Its forward ends in a mean over act10's maps. */
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
        try (Network network = Network.load(archive, List.of(last), maps(archive), ComputeDevice.CPU, scratch);
                LayerOutputs outputs = network.forward(input(), IMAGES, INPUT)) {
            assertEquals(new GridSize(1, 1), outputs.layer(last).map());
        }
    }

    @Test
    void aGpuThatIsNotThereIsAnError() throws IOException {
        TorchScriptArchive archive = TorchScriptArchive.open(SAMPLE);
        LayerMaps maps = maps(archive);
        String message = Failures.message(
                InputException.class,
                () -> Network.load(archive, List.of("layer5"), maps, new ComputeDevice("gpu:99"), scratch));
        assertTrue(message.contains("gpu:99"), message);
    }

    @Test
    void aNetworkThatFailsSaysWhyInOneLine() throws IOException {
        TorchScriptArchive archive = TorchScriptArchive.open(SharedData.require("torchscript/scripted_mlp.pt"));
        try (Network network = Network.load(archive, List.of("1"), maps(archive), ComputeDevice.CPU, scratch)) {
            String message = Failures.message(RunException.class, () -> network.forward(input(), IMAGES, INPUT));
            assertEquals(1, message.lines().count(), message);
            assertTrue(message.contains("64x64") && message.contains("shapes cannot be multiplied"), message);
        }
    }
}
