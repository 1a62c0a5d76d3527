package org.netdissect.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.netdissect.activation.CacheInventory;
import org.netdissect.activation.CacheUse;
import org.netdissect.activation.StoredKey;
import org.netdissect.activation.StoredLayer;
import org.netdissect.activation.StoredLayer.Content;
import org.netdissect.base.ByteSize;
import org.netdissect.pipeline.CachePruning;
import org.netdissect.pipeline.CacheVerification;
import org.netdissect.report.TextTable;

/** The cache as text for people. */
final class CacheTables {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private CacheTables() {}

    /** One row per layer, most recently used keys first. */
    static TextTable inventory(CacheInventory inventory) {
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
        for (StoredKey key : inventory.keys()) {
            List<String> start = List.of(
                    inventory.shortName(key), name(key, CacheUse::model), name(key, CacheUse::probe), time(key));
            if (key.layers().isEmpty()) {
                table.add(join(start, List.of("-", "empty", "", "", "", "", size(key.bytes()))));
            }
            for (StoredLayer layer : key.layers()) {
                Optional<Content> content = layer.content();
                table.add(join(
                        start,
                        List.of(
                                layer.layer(),
                                state(layer),
                                text(content, c -> c.shape().images()),
                                text(content, c -> c.shape().units()),
                                text(content, c -> c.shape().map()),
                                text(content, Content::precision),
                                size(layer.bytes()))));
            }
        }
        return table;
    }

    /** One row per layer that was verified. */
    static TextTable verification(CacheInventory inventory, List<CacheVerification.Result> results) {
        TextTable table = new TextTable(4, List.of("key", "network", "layer", "result", "images verified", "size"));
        for (CacheVerification.Result result : results) {
            StoredLayer layer = result.layer();
            String sound = layer.state() == StoredLayer.State.UNFINISHED ? "ok, unfinished" : "ok";
            table.add(List.of(
                    inventory.shortName(result.key()),
                    name(result.key(), CacheUse::model),
                    layer.layer(),
                    result.faults().isEmpty() ? sound : "damaged",
                    Integer.toString(layer.imagesDone()),
                    size(layer.bytes())));
        }
        return table;
    }

    /** One row per key that was, or would be, deleted in whole or in part. */
    static TextTable pruning(CacheInventory inventory, CachePruning.Result result, boolean dryRun) {
        TextTable table = new TextTable(5, List.of("key", "network", "last used", "layers", "result", "size"));
        for (CachePruning.Step step : result.steps()) {
            StoredKey key = step.key();
            String obstacle = step.outcome().obstacle();
            table.add(List.of(
                    inventory.shortName(key),
                    name(key, CacheUse::model),
                    time(key),
                    step.layers().isEmpty()
                            ? "-"
                            : String.join(
                                    ", ",
                                    step.layers().stream()
                                            .map(StoredLayer::layer)
                                            .toList()),
                    obstacle.isEmpty() ? (dryRun ? "would be deleted" : "deleted") : "kept: " + obstacle,
                    size(step.outcome().freed())));
        }
        return table;
    }

    static String size(long bytes) {
        return new ByteSize(bytes).toString();
    }

    private static List<String> join(List<String> start, List<String> end) {
        return java.util.stream.Stream.concat(start.stream(), end.stream()).toList();
    }

    private static String state(StoredLayer layer) {
        return switch (layer.state()) {
            case COMPLETE -> "complete";
            case DAMAGED -> "damaged";
            case UNFINISHED ->
                layer.content().isEmpty()
                        ? "unfinished"
                        : "unfinished, " + layer.imagesDone() + " of "
                                + text(layer.content(), c -> c.shape().images());
        };
    }

    private static <T> String text(Optional<T> value, Function<T, Object> part) {
        return value.map(part).map(Object::toString).orElse("?");
    }

    /** The last part of a path tells people enough; {@code list --json} has all. */
    private static String name(StoredKey key, Function<CacheUse, String> part) {
        String path = key.use().map(part).orElse("");
        try {
            Path name = Path.of(path).getFileName();
            return name == null || path.isEmpty() ? "?" : name.toString();
        } catch (InvalidPathException e) {
            return path;
        }
    }

    private static String time(StoredKey key) {
        Instant lastUsed = key.lastUsed();
        return TIME.format(lastUsed.atZone(ZoneId.systemDefault()));
    }
}
