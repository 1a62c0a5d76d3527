package org.netdissect.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.netdissect.activation.CacheInventory;
import org.netdissect.activation.LayerVerification;
import org.netdissect.activation.StoredKey;
import org.netdissect.activation.StoredLayer;
import org.netdissect.base.InputException;
import org.netdissect.base.NearestNames;

/** Holds what lies in a cache against its checksums, layer after layer. */
public final class CacheVerification {
    private CacheVerification() {}

    /**
     * One layer.
     *
     * @param faults each a line; empty where the layer is whole
     */
    public record Result(StoredKey key, StoredLayer layer, List<String> faults) {
        /** Copies the list. */
        public Result {
            faults = List.copyOf(faults);
        }
    }

    /**
     * Verifies the chosen layers.
     *
     * @param keys first digits of keys; all keys where there are none
     * @param layers names; all layers where there are none
     * @throws InputException for a key or a layer that is not there
     */
    public static List<Result> run(
            CacheInventory inventory, List<String> keys, List<String> layers, int threads, StageListener listener)
            throws IOException {
        List<Result> chosen = choose(inventory, keys, layers);
        long total =
                chosen.stream().mapToLong(result -> result.layer().imagesDone()).sum();
        List<Result> results = new ArrayList<>();
        try (StageListener.Stage stage = listener.begin("verify", 0, total)) {
            long before = 0;
            for (Result result : chosen) {
                long offset = before;
                List<String> faults = LayerVerification.run(
                        result.layer(), threads, (done, ofLayer) -> stage.progress(offset + done, total));
                results.add(new Result(result.key(), result.layer(), faults));
                before += result.layer().imagesDone();
            }
        }
        return results;
    }

    private static List<Result> choose(CacheInventory inventory, List<String> keys, List<String> layers) {
        List<StoredKey> inKeys = keys.isEmpty()
                ? inventory.keys()
                : keys.stream().map(inventory::find).distinct().toList();
        List<Result> all = inKeys.stream()
                .flatMap(key -> key.layers().stream().map(layer -> new Result(key, layer, List.of())))
                .toList();
        List<String> names =
                all.stream().map(result -> result.layer().layer()).distinct().toList();
        for (String layer : layers) {
            if (!names.contains(layer)) {
                List<String> near = NearestNames.of(layer, names);
                throw new InputException("--layer " + layer + ": no such layer in " + inventory.root()
                        + (keys.isEmpty() ? "" : " under key " + String.join(", ", keys))
                        + (near.isEmpty() ? "" : "; did you mean " + String.join(", ", near) + "?"));
            }
        }
        return all.stream()
                .filter(result ->
                        layers.isEmpty() || layers.contains(result.layer().layer()))
                .toList();
    }
}
