package org.netdissect.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.netdissect.torchscript.Edit;
import org.netdissect.torchscript.Rewrite;
import org.netdissect.torchscript.TorchScriptArchive;

/** Outputs of a network's layers as the engine gives them, whatever their dimensions are, on a CPU. */
public final class RawOutputs {
    private RawOutputs() {}

    /**
     * Runs a network, several times if wanted.
     *
     * @param scratch folder of the caller alone
     * @return for each input, outputs by layer, and the network's own under {@link TorchScriptArchive#OUTPUT}
     */
    public static List<Map<String, FloatTensor>> of(
            TorchScriptArchive archive, List<String> layers, List<FloatTensor> inputs, Path scratch)
            throws IOException {
        List<Edit> taps = new ArrayList<>();
        layers.forEach(layer -> taps.add(new Edit.Tap(layer)));
        taps.add(new Edit.Tap(TorchScriptArchive.OUTPUT));
        try (LoadedNetwork network =
                LoadedNetwork.loadForGradients(archive, Rewrite.of(taps), ComputeDevice.CPU, scratch)) {
            return inputs.stream().map(input -> outputs(network, input)).toList();
        }
    }

    private static Map<String, FloatTensor> outputs(LoadedNetwork network, FloatTensor input) {
        Map<String, FloatTensor> outputs = new TreeMap<>();
        try (NDManager manager = network.newManager()) {
            NDArray images =
                    manager.create(FloatBuffer.wrap(input.values()), new Shape(input.shape()), DataType.FLOAT32);
            for (NDArray output :
                    network.runMethod(manager, TorchScriptArchive.TAPPED_METHOD, new NDList(images), false)) {
                outputs.put(
                        output.getName(),
                        new FloatTensor(output.toFloatArray(), output.getShape().getShape()));
            }
        }
        return outputs;
    }
}
