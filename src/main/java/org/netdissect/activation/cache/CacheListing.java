package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.cache.StoredLayer.Content;
import org.netdissect.base.ByteSize;
import org.netdissect.base.Spelling;
import org.netdissect.table.TextTable;

/** The contents of an activation cache as text and JSON. */
public record CacheListing(CacheInventory inventory) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    /** Lists the cache in a folder. */
    public static CacheListing of(Path root) throws IOException {
        return new CacheListing(CacheInventory.of(root));
    }

    /** Entries that are not part of the cache, and layers that cannot be used. */
    public List<String> notes() {
        Stream<String> problems = inventory.keys().stream()
                .flatMap(key -> key.layers().stream())
                .map(StoredLayer::problem)
                .filter(problem -> !problem.isEmpty());
        return Stream.concat(foreign(inventory).stream(), problems).toList();
    }

    /** Entries of the cache's folders that are not part of the cache. */
    static List<String> foreign(CacheInventory inventory) {
        return Stream.concat(
                        inventory.foreign().stream(), inventory.keys().stream().flatMap(key -> key.foreign().stream()))
                .map(ForeignEntry::toString)
                .toList();
    }

    /** One row per layer, most recently used keys first. */
    public String text() {
        if (inventory.keys().isEmpty()) {
            return (Files.exists(inventory.root()) ? "The cache is empty: " : "There is no cache yet: ")
                    + inventory.root() + "\n";
        }
        TextTable table = new TextTable(
                6,
                List.of(
                        "key",
                        "network",
                        "probe set",
                        "last used",
                        "layer",
                        "state",
                        "images",
                        "units",
                        "map",
                        "precision",
                        "size"));
        long layers = 0;
        for (StoredKey key : inventory.keys()) {
            List<String> start = List.of(inventory.shortName(key), network(key), probeSet(key), lastUsed(key));
            if (key.layers().isEmpty()) {
                table.add(join(start, List.of("-", "empty", "", "", "", "", size(key.bytes()))));
            }
            key.layers().forEach(layer -> table.add(join(start, cells(layer))));
            layers += key.layers().size();
        }
        return table + "\n" + count(layers, "layer") + " under "
                + count(inventory.keys().size(), "key") + ", " + size(inventory.bytes()) + " in " + inventory.root()
                + "\n";
    }

    private static List<String> cells(StoredLayer layer) {
        Optional<Content> content = layer.content();
        return List.of(
                layer.layer(),
                state(layer),
                cell(content, c -> c.shape().images()),
                cell(content, c -> c.shape().units()),
                cell(content, c -> c.shape().map()),
                cell(content, Content::precision),
                size(layer.bytes()));
    }

    private static String state(StoredLayer layer) {
        return layer.state() == StoredLayer.State.UNFINISHED && layer.content().isPresent()
                ? "unfinished, " + layer.imagesDone() + " of "
                        + cell(layer.content(), c -> c.shape().images())
                : Spelling.of(layer.state());
    }

    private static String cell(Optional<Content> content, Function<Content, Object> part) {
        return content.map(part).map(Object::toString).orElse("?");
    }

    private static List<String> join(List<String> start, List<String> end) {
        return Stream.concat(start.stream(), end.stream()).toList();
    }

    private static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    static String network(StoredKey key) {
        return name(key, CacheUse::model);
    }

    private static String probeSet(StoredKey key) {
        return name(key, CacheUse::probe);
    }

    /** The last part of a path; JSON has the whole path. */
    private static String name(StoredKey key, Function<CacheUse, String> part) {
        String path = key.use().map(part).orElse("");
        try {
            Path name = Path.of(path).getFileName();
            return name == null || path.isEmpty() ? "?" : name.toString();
        } catch (InvalidPathException e) {
            return path;
        }
    }

    static String lastUsed(StoredKey key) {
        return TIME.format(key.lastUsed().atZone(ZoneId.systemDefault()));
    }

    static String size(long bytes) {
        return new ByteSize(bytes).toString();
    }

    /** The listing as JSON; unknown values are null. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("cache", inventory.root().toString());
        document.put("bytes", inventory.bytes());
        document.put("keys", inventory.keys().stream().map(CacheListing::json).toList());
        document.put("foreign", json(inventory.foreign()));
        return document;
    }

    private static Map<String, @Nullable Object> json(StoredKey key) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("key", key.key());
        object.put("model", key.use().map(CacheUse::model).orElse(null));
        object.put("probe", key.use().map(CacheUse::probe).orElse(null));
        object.put("lastUsed", key.lastUsed().toString());
        object.put("bytes", key.bytes());
        object.put("layers", key.layers().stream().map(CacheListing::json).toList());
        object.put("foreign", json(key.foreign()));
        return object;
    }

    private static Map<String, @Nullable Object> json(StoredLayer layer) {
        Optional<Content> content = layer.content();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("layer", layer.layer());
        object.put("folder", layer.folder().toString());
        object.put("state", Spelling.of(layer.state()));
        object.put("problem", layer.problem().isEmpty() ? null : layer.problem());
        object.put("images", content.map(c -> c.shape().images()).orElse(null));
        object.put("imagesDone", layer.imagesDone());
        object.put("units", content.map(c -> c.shape().units()).orElse(null));
        object.put(
                "map",
                content.map(c -> c.shape().map())
                        .map(map -> List.of(map.height(), map.width()))
                        .orElse(null));
        object.put("precision", content.map(c -> c.precision().toString()).orElse(null));
        object.put("bytes", layer.bytes());
        return object;
    }

    private static List<Map<String, String>> json(List<ForeignEntry> entries) {
        List<Map<String, String>> objects = new ArrayList<>();
        for (ForeignEntry entry : entries) {
            Map<String, String> object = new LinkedHashMap<>();
            object.put("path", entry.path().toString());
            object.put("what", entry.kind());
            objects.add(object);
        }
        return objects;
    }
}
