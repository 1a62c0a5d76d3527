package org.netdissect.network;

import java.util.Map;
import java.util.Objects;

/** The outputs of all tapped layers for one batch. Closing frees the engine's memory. */
public final class LayerOutputs implements AutoCloseable {
    private final int images;
    private final Map<String, LayerOutput> layers;
    private final Runnable release;

    /** Outputs by layer; {@code release} frees their memory. */
    public LayerOutputs(int images, Map<String, LayerOutput> layers, Runnable release) {
        this.images = images;
        this.layers = layers;
        this.release = release;
    }

    /** Images in the batch. */
    public int images() {
        return images;
    }

    /** Output by layer name, in the order the layers were asked for. */
    Map<String, LayerOutput> layers() {
        return layers;
    }

    /** Output of one layer, which was asked for. */
    public LayerOutput layer(String name) {
        return Objects.requireNonNull(layers.get(name), name);
    }

    @Override
    public void close() {
        release.run();
    }
}
