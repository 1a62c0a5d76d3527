package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.netdissect.activation.MapSource;
import org.netdissect.network.ForwardPass;
import org.netdissect.network.ImageBatches;
import org.netdissect.network.InputEncoder;
import org.netdissect.network.LayerMaps;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.ParallelPass;
import org.netdissect.network.TappedForward;
import org.netdissect.run.ForwardSettings;

/** Loads the network from its TorchScript archive into the engine. */
final class ArchiveLoader implements NetworkLoader {
    @Override
    public ForwardPass load(ProbedNetwork probed, List<String> layers, Path scratch) throws IOException {
        ForwardSettings forward = probed.forward();
        LayerMaps maps = LayerMaps.of(probed.archive(), forward.axes(), forward.inputSize());
        InputEncoder encoder = new InputEncoder(forward.preprocessing(), forward.inputSize());
        ImageBatches batches = new ImageBatches(probed.probe(), encoder, forward.batch(), probed.resize());
        LoadedNetwork network =
                LoadedNetwork.load(probed.archive(), layers, probed.engine().device(), scratch);
        boolean ready = false;
        try {
            TappedForward tapped = new TappedForward(network, maps);
            ForwardPass pass = ParallelPass.tried(
                    tapped,
                    batches,
                    forward.format(),
                    MapSource.LARGEST_CHUNK,
                    probed.engine().threads(),
                    probed.listener()::note);
            tapped.foundByShifting()
                    .forEach((layer, axes) -> probed.listener()
                            .note("layer " + layer + ": its axes are " + axes
                                    + ", as a shifted image shows; its code leaves them open "
                                    + "(to give others: --axes)"));
            ready = true;
            return pass;
        } finally {
            if (!ready) {
                network.close();
            }
        }
    }
}
