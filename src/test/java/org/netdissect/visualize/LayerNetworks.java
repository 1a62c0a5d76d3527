package org.netdissect.visualize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.InputBatch;
import org.netdissect.network.LayerMaps;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.MapArrangement;
import org.netdissect.network.Preprocessing;
import org.netdissect.result.Visualized;
import org.netdissect.torchscript.Edit;
import org.netdissect.torchscript.Rewrite;
import org.netdissect.torchscript.TorchScriptArchive;

/** Networks with the methods of {@code ascent.py}, for tests. */
final class LayerNetworks {
    private LayerNetworks() {}

    static LoadedNetwork load(Path model, String layer, Path scratch) throws Exception {
        Rewrite rewrite = new Rewrite(List.of(new Edit.Tap(layer)), true, Subject.METHODS);
        return LoadedNetwork.loadForGradients(TorchScriptArchive.open(model), rewrite, ComputeDevice.CPU, scratch);
    }

    static LayerNetwork of(
            LoadedNetwork network,
            Path model,
            String layer,
            Preprocessing preprocessing,
            GridSize size,
            Visualized.Objective objective,
            @Nullable FloatTensor directions)
            throws Exception {
        LayerMaps maps = LayerMaps.of(TorchScriptArchive.open(model), new LinkedHashMap<>(), size);
        int channels = preprocessing.channels().count();
        ByteBuffer zeros =
                ByteBuffer.allocateDirect(channels * size.cells() * Float.BYTES).order(ByteOrder.nativeOrder());
        MapArrangement arrangement = MapArrangement.of(network, maps, layer, new InputBatch(zeros, 1, channels, size));
        return new LayerNetwork(
                network, arrangement, NetworkInput.of(preprocessing).constants(size), objective, directions, new int[] {
                    -1, -1
                });
    }
}
