package org.netdissect.dissect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.netdissect.activation.cache.ActivationCache;
import org.netdissect.activation.cache.CachedLayer;

/** Open layers of the cache, closed together. */
final class OpenLayers implements AutoCloseable {
    private final List<CachedLayer> layers = new ArrayList<>();

    private OpenLayers() {}

    /** Opens the named layers that are complete in the cache, in order. */
    static OpenLayers of(ActivationCache cache, List<String> names) throws IOException {
        OpenLayers open = new OpenLayers();
        boolean done = false;
        try {
            for (String name : names) {
                Optional<CachedLayer> layer = cache.find(name);
                layer.ifPresent(open.layers::add);
            }
            if (PageCacheRule.passesBy(
                    open.layers.stream().mapToLong(CachedLayer::bytes).sum())) {
                open.layers.forEach(CachedLayer::readDirectly);
            }
            done = true;
            return open;
        } finally {
            if (!done) {
                open.close();
            }
        }
    }

    List<CachedLayer> layers() {
        return layers;
    }

    @Override
    public void close() throws IOException {
        for (CachedLayer layer : layers) {
            layer.close();
        }
    }
}
