package org.netdissect.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.CacheInventory;
import org.netdissect.activation.CacheUse;
import org.netdissect.activation.ForeignEntry;
import org.netdissect.activation.StoredKey;
import org.netdissect.activation.StoredLayer;

/** The cache as {@code cache list --json} prints it. What is not known is null. */
final class CacheJson {
    private CacheJson() {}

    static Map<String, @Nullable Object> of(CacheInventory inventory) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("cache", inventory.root().toString());
        document.put("bytes", inventory.bytes());
        document.put("keys", inventory.keys().stream().map(CacheJson::key).toList());
        document.put("foreign", foreign(inventory.foreign()));
        return document;
    }

    private static Map<String, @Nullable Object> key(StoredKey key) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("key", key.key());
        object.put("model", key.use().map(CacheUse::model).orElse(null));
        object.put("probe", key.use().map(CacheUse::probe).orElse(null));
        object.put("lastUsed", key.lastUsed().toString());
        object.put("bytes", key.bytes());
        object.put("layers", key.layers().stream().map(CacheJson::layer).toList());
        object.put("foreign", foreign(key.foreign()));
        return object;
    }

    private static Map<String, @Nullable Object> layer(StoredLayer layer) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("layer", layer.layer());
        object.put("folder", layer.folder().toString());
        object.put("state", layer.state().name().toLowerCase(Locale.ROOT));
        object.put("problem", layer.problem().isEmpty() ? null : layer.problem());
        object.put("images", layer.content().map(c -> c.shape().images()).orElse(null));
        object.put("imagesDone", layer.imagesDone());
        object.put("units", layer.content().map(c -> c.shape().units()).orElse(null));
        object.put(
                "map",
                layer.content()
                        .map(c -> List.of(
                                c.shape().map().height(), c.shape().map().width()))
                        .orElse(null));
        object.put(
                "precision", layer.content().map(c -> c.precision().toString()).orElse(null));
        object.put("bytes", layer.bytes());
        return object;
    }

    private static List<Map<String, String>> foreign(List<ForeignEntry> entries) {
        return entries.stream()
                .map(entry -> Map.of("path", entry.path().toString(), "what", entry.what()))
                .toList();
    }
}
