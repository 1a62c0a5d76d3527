package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.netdissect.base.InputException;
import org.netdissect.base.NearestNames;
import org.netdissect.base.StageListener;
import org.netdissect.table.TextTable;

/**
 * Result of a check of a cache against its checksums.
 *
 * @param inventory the cache
 * @param layers all layers that were verified
 */
public record CacheVerification(CacheInventory inventory, List<VerifiedLayer> layers) {
    /** Copies the list. */
    public CacheVerification {
        layers = List.copyOf(layers);
    }

    /**
     * A layer that was verified.
     *
     * @param faults one line each; empty for a sound layer
     */
    record VerifiedLayer(StoredKey key, StoredLayer layer, List<String> faults) {
        VerifiedLayer {
            faults = List.copyOf(faults);
        }
    }

    /** All faults, and one row per layer. */
    public String text() {
        if (layers.isEmpty()) {
            return "There is nothing to verify: " + inventory.root() + "\n";
        }
        TextTable table = new TextTable(4, List.of("key", "network", "layer", "result", "images verified", "size"));
        StringBuilder faults = new StringBuilder();
        for (VerifiedLayer verified : layers) {
            verified.faults().forEach(fault -> faults.append(fault).append('\n'));
            StoredLayer layer = verified.layer();
            String sound = layer.state() == StoredLayer.State.UNFINISHED ? "ok, unfinished" : "ok";
            table.add(List.of(
                    inventory.shortName(verified.key()),
                    CacheListing.network(verified.key()),
                    layer.layer(),
                    verified.faults().isEmpty() ? sound : "damaged",
                    Integer.toString(layer.imagesDone()),
                    CacheListing.size(layer.bytes())));
        }
        return faults.toString() + table + "\n";
    }

    /** The error line for damaged layers; empty if all are sound. */
    public Optional<String> damage() {
        long damaged =
                layers.stream().filter(layer -> !layer.faults().isEmpty()).count();
        return damaged == 0
                ? Optional.empty()
                : Optional.of(inventory.root() + ": " + damaged + " of " + layers.size()
                        + (layers.size() == 1 ? " layer" : " layers")
                        + " damaged, as listed above; delete the damaged layers' folders, or whole keys with "
                        + "'netdissect cache prune --key KEY', and they are computed again when needed");
    }

    /**
     * Verifies the chosen layers.
     *
     * @param root folder of the cache
     * @param keys first digits of keys; empty for all keys
     * @param layers names; empty for all layers
     * @throws InputException for a key or a layer that is not there
     */
    public static CacheVerification run(
            Path root, List<String> keys, List<String> layers, int threads, StageListener listener) throws IOException {
        CacheInventory inventory = CacheInventory.of(root);
        List<VerifiedLayer> chosen = choose(inventory, keys, layers);
        long total =
                chosen.stream().mapToLong(result -> result.layer().imagesDone()).sum();
        List<VerifiedLayer> results = new ArrayList<>();
        try (StageListener.Stage stage = listener.begin("verify", 0, total)) {
            long before = 0;
            for (VerifiedLayer result : chosen) {
                long offset = before;
                List<String> faults = LayerVerification.run(
                        result.layer(), threads, (done, ofLayer) -> stage.progress(offset + done, total));
                results.add(new VerifiedLayer(result.key(), result.layer(), faults));
                before += result.layer().imagesDone();
            }
        }
        return new CacheVerification(inventory, results);
    }

    private static List<VerifiedLayer> choose(CacheInventory inventory, List<String> keys, List<String> layers) {
        List<StoredKey> inKeys = keys.isEmpty()
                ? inventory.keys()
                : keys.stream().map(inventory::find).distinct().toList();
        List<VerifiedLayer> all = inKeys.stream()
                .flatMap(key -> key.layers().stream().map(layer -> new VerifiedLayer(key, layer, List.of())))
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
