package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.netdissect.activation.Fingerprint;
import org.netdissect.base.StageListener;
import org.netdissect.broden.ProbeSet;
import org.netdissect.network.Engines;
import org.netdissect.network.ForwardPass;
import org.netdissect.run.EngineSettings;
import org.netdissect.run.ForwardSettings;
import org.netdissect.torchscript.TorchScriptArchive;

/** Loads the network under study with taps on some layers, ready to run over the images of the probe set. */
@FunctionalInterface
interface TappedNetwork {
    /** Loads it; {@code scratch} is a folder for a file that is gone afterwards. Closing the pass frees the network. */
    ForwardPass load(Source source, List<String> layers, Path scratch) throws IOException;

    /**
     * Inputs of all forward passes of a run.
     *
     * @param resize whether images of another size than the input's are resized
     * @param batches takes the images per forward pass of each network that is loaded
     * @param network loads the archive
     */
    record Source(
            TorchScriptArchive archive,
            ProbeSet probe,
            ForwardSettings forward,
            EngineSettings engine,
            boolean resize,
            Set<Integer> batches,
            StageListener listener,
            TappedNetwork network) {

        /** Loads the network with taps on {@code layers}, as {@link TappedNetwork#load} does. */
        ForwardPass load(List<String> layers, Path scratch) throws IOException {
            ForwardPass pass = network.load(this, layers, scratch);
            batches.add(pass.batchSize());
            return pass;
        }

        /** The machine that runs the network. */
        Fingerprint machine() {
            return Engines.fingerprint(engine.device());
        }
    }
}
