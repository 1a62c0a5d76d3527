package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.netdissect.base.ByteSize;
import org.netdissect.base.InputException;

/** Deletes keys and layers of a cache by criteria, least recently used first. */
public final class CachePruning {
    private final CacheInventory inventory;
    private final Criteria criteria;
    private final Instant now;

    /**
     * Criteria of a deletion. Several narrow each other down, since a deletion cannot be undone and a second command
     * can delete more.
     *
     * @param keys first digits of keys; empty for any key
     * @param olderThan only keys that were not used for this long
     * @param maxSize only until the whole cache has this size
     * @param unfinished only layers that interrupted runs left
     */
    public record Criteria(
            List<String> keys, Optional<Duration> olderThan, Optional<ByteSize> maxSize, boolean unfinished) {
        /** Throws {@link InputException} where no criterion is given, since that would delete everything. */
        public Criteria {
            keys = List.copyOf(keys);
            if (keys.isEmpty() && olderThan.isEmpty() && maxSize.isEmpty() && !unfinished) {
                throw new InputException(
                        "nothing says what to delete: give --older-than, --max-size, --key or --unfinished");
            }
        }
    }

    private CachePruning(CacheInventory inventory, Criteria criteria, Instant now) {
        this.inventory = inventory;
        this.criteria = criteria;
        this.now = now;
    }

    /**
     * Deletes what meets the criteria; a dry run only lists it, without regard to locks.
     *
     * @param root folder of the cache
     * @throws InputException for a key that is not there
     */
    public static PruningResult run(Path root, Criteria criteria, Instant now, boolean dryRun) throws IOException {
        return new CachePruning(CacheInventory.of(root), criteria, now).run(dryRun);
    }

    private PruningResult run(boolean dryRun) throws IOException {
        List<PruningResult.Step> steps = new ArrayList<>();
        long left = inventory.bytes();
        for (StoredKey key : candidates()) {
            if (criteria.maxSize().isPresent()
                    && left <= criteria.maxSize().get().bytes()) {
                break;
            }
            List<StoredLayer> layers = layers(key);
            CacheRemoval.Outcome outcome =
                    dryRun ? new CacheRemoval.Outcome(bytes(key, layers), "", false) : CacheRemoval.remove(key, layers);
            left -= outcome.freed();
            steps.add(new PruningResult.Step(key, layers, outcome));
        }
        // a running process may have written more meanwhile
        long bytesLeft = dryRun ? left : CacheInventory.of(inventory.root()).bytes();
        return new PruningResult(inventory, steps, bytesLeft, criteria.maxSize(), dryRun);
    }

    private List<StoredKey> candidates() {
        List<StoredKey> keys = criteria.keys().isEmpty()
                ? inventory.keys()
                : criteria.keys().stream().map(inventory::find).distinct().toList();
        return keys.stream()
                .filter(key -> criteria.olderThan()
                        .map(age -> key.lastUsed().isBefore(now.minus(age)))
                        .orElse(true))
                .filter(key -> !criteria.unfinished()
                        || key.layers().isEmpty()
                        || !layers(key).isEmpty())
                .sorted(Comparator.comparing(StoredKey::lastUsed).thenComparing(StoredKey::key))
                .toList();
    }

    private List<StoredLayer> layers(StoredKey key) {
        return key.layers().stream()
                .filter(layer -> !criteria.unfinished() || layer.state() == StoredLayer.State.UNFINISHED)
                .toList();
    }

    private static long bytes(StoredKey key, List<StoredLayer> layers) {
        boolean whole = layers.size() == key.layers().size();
        return whole
                ? key.bytes()
                : layers.stream().mapToLong(StoredLayer::bytes).sum();
    }
}
