package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.netdissect.network.ForwardPass;

/** Loads the network under study with taps on some layers. */
@FunctionalInterface
interface NetworkLoader {
    /** Loads the network, with a temporary file in {@code scratch}. Closing the pass frees the network. */
    ForwardPass load(ProbedNetwork network, List<String> layers, Path scratch) throws IOException;
}
