package org.netdissect.network;

import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Objects;

/** The outputs of all tapped layers for one batch. Closing frees the engine's memory. */
public final class LayerOutputs implements AutoCloseable {
    private final NDManager manager;
    private final int images;
    private final Map<String, LayerOutput> layers;

    LayerOutputs(NDManager manager, int images, Map<String, LayerOutput> layers) {
        this.manager = manager;
        this.images = images;
        this.layers = layers;
    }

    /** Images in the batch. */
    public int images() {
        return images;
    }

    /** Output by layer name, in the order the layers were asked for. */
    public Map<String, LayerOutput> layers() {
        return layers;
    }

    /** Output of one layer, which was asked for. */
    public LayerOutput layer(String name) {
        return Objects.requireNonNull(layers.get(name), name);
    }

    @Override
    public void close() {
        manager.close();
    }
}
