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

/**
 * The network under study, ready for forward passes over the images of the probe set.
 *
 * @param resize whether images of another size than the input's are resized
 * @param batches collects the number of images per forward pass of each load
 */
record ProbedNetwork(
        TorchScriptArchive archive,
        ProbeSet probe,
        ForwardSettings forward,
        EngineSettings engine,
        boolean resize,
        Set<Integer> batches,
        StageListener listener,
        NetworkLoader loader) {
    /** Loads the network with taps on {@code layers}, as {@link NetworkLoader#load} does. */
    ForwardPass load(List<String> layers, Path scratch) throws IOException {
        ForwardPass pass = loader.load(this, layers, scratch);
        batches.add(pass.batchSize());
        return pass;
    }

    /** The machine that runs the network. */
    Fingerprint machine() {
        return Engines.fingerprint(engine.device());
    }
}
