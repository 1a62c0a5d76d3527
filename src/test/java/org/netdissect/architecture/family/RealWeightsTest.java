package org.netdissect.architecture.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.architecture.NetworkFile;
import org.netdissect.base.SharedData;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.RawOutputs;
import org.netdissect.table.NpyArray;
import org.netdissect.torchscript.TorchScriptArchive;

/** Networks generated from real weights compute what PyTorch computed of them. */
class RealWeightsTest {
    @TempDir
    private Path scratch;

    @Test
    void trainedCifarResNet() throws IOException {
        List<String> layers = List.of("bn1", "layer2.0.conv1", "layer3");
        Path folder = SharedData.require("checkpoints/expected");
        NetworkFile network =
                NetworkFile.open(NetworkChoice.of(SharedData.require("checkpoints/real/cifar10-resnet20.legacy.th")));
        assertTrue(
                network.notes().get(0).contains("cifar-resnet20, akamaster's; 10 classes"), network.notes()::toString);
        Map<String, FloatTensor> outputs =
                run(network.archive(), layers, new FloatTensor(FormulaWeights.images(2, 32), 2, 3, 32, 32));
        for (String layer : layers) {
            float[] expected = NpyArray.read(folder.resolve("cifar10-resnet20." + layer + ".npy"))
                    .values();
            assertEquals(0, FamilyCheck.difference(of(outputs, layer), expected), 1e-4, layer);
        }
        float[] logits =
                NpyArray.read(folder.resolve("cifar10-resnet20.logits.npy")).values();
        assertEquals(0, FamilyCheck.difference(of(outputs, TorchScriptArchive.OUTPUT), logits), 1e-4);
    }

    /** To the bit, since the engine is the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "squeezenet1_0-imagenet, features.5, features.12",
                "squeezenet1_1bn-places365, conv1, fire5, fire9",
            })
    void asItsTracedArchive(String line) throws IOException {
        List<String> parts = List.of(line.split(", "));
        List<String> layers = parts.subList(1, parts.size());
        Path traced = SharedData.require("models/" + parts.get(0) + ".traced.pt");
        FloatTensor images = new FloatTensor(FormulaWeights.images(2, 96), 2, 3, 96, 96);
        Map<String, FloatTensor> expected = run(TorchScriptArchive.open(traced), layers, images);
        for (String form : List.of(".state_dict.pth", ".checkpoint.pth.tar")) {
            Path file = traced.resolveSibling(parts.get(0) + form);
            Map<String, FloatTensor> outputs =
                    run(NetworkFile.open(NetworkChoice.of(file)).archive(), layers, images);
            assertEquals(expected.keySet(), outputs.keySet());
            expected.forEach((layer, output) -> assertArrayEquals(output.values(), of(outputs, layer), layer));
        }
    }

    private Map<String, FloatTensor> run(TorchScriptArchive archive, List<String> layers, FloatTensor images)
            throws IOException {
        return RawOutputs.of(archive, layers, List.of(images), scratch).get(0);
    }

    private static float[] of(Map<String, FloatTensor> outputs, String layer) {
        return Objects.requireNonNull(outputs.get(layer), layer).values();
    }
}
