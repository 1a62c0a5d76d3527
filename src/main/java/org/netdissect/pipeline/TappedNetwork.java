package org.netdissect.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Fingerprint;
import org.netdissect.activation.LayerWriter;
import org.netdissect.broden.ProbeSet;
import org.netdissect.network.Engines;
import org.netdissect.network.ForwardPass;
import org.netdissect.network.ImageBatches;
import org.netdissect.network.InputEncoder;
import org.netdissect.network.LayerMaps;
import org.netdissect.network.Network;
import org.netdissect.torchscript.TorchScriptArchive;

/** The network with taps on some layers, ready to run over the images of the probe set. */
final class TappedNetwork implements AutoCloseable {
    private final Network network;
    private final ForwardPass pass;

    private TappedNetwork(Network network, ForwardPass pass) {
        this.network = network;
        this.pass = pass;
    }

    /**
     * What a run's forward passes have in common.
     *
     * @param resize whether images of another size than the input's are resized
     * @param batches takes the images per forward pass of each network that is loaded
     */
    record Source(
            TorchScriptArchive archive,
            ProbeSet probe,
            ForwardSettings forward,
            EngineSettings engine,
            boolean resize,
            Set<Integer> batches,
            StageListener listener) {

        /** The machine that runs the network. */
        Fingerprint machine() {
            return Engines.fingerprint(engine.device());
        }
    }

    /** Loads it; {@code scratch} is a folder for a file that is gone afterwards. */
    static TappedNetwork load(Source source, List<String> layers, Path scratch) throws IOException {
        LayerMaps maps = LayerMaps.of(
                source.archive(), source.forward().axes(), source.forward().inputSize());
        int channels = source.forward().preprocessing().channels().count();
        Network network =
                Network.load(source.archive(), layers, maps, source.engine().device(), scratch, channels);
        boolean ready = false;
        try {
            ForwardSettings forward = source.forward();
            InputEncoder encoder = new InputEncoder(forward.preprocessing(), forward.inputSize());
            ImageBatches batches = new ImageBatches(source.probe(), encoder, forward.batch(), source.resize());
            ForwardPass pass = ForwardPass.tried(
                    network,
                    batches,
                    forward.format(),
                    LayerWriter.chunkImages(),
                    source.engine().threads(),
                    source.listener()::note);
            source.batches().add(pass.batchSize());
            network.foundByShifting()
                    .forEach((layer, axes) -> source.listener()
                            .note("layer " + layer + ": its axes are " + axes
                                    + ", as a shifted image shows; its code does "
                                    + "not tell (against that: --axes)"));
            ready = true;
            return new TappedNetwork(network, pass);
        } finally {
            if (!ready) {
                network.close();
            }
        }
    }

    ForwardPass pass() {
        return pass;
    }

    /** Shapes of the layers' activations. */
    Map<String, ActivationShape> shapes() {
        return pass.shapes();
    }

    @Override
    public void close() {
        network.close();
    }
}
