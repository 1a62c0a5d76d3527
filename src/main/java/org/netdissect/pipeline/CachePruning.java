package org.netdissect.pipeline;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.netdissect.activation.CacheInventory;
import org.netdissect.activation.CacheRemoval;
import org.netdissect.activation.StoredKey;
import org.netdissect.activation.StoredLayer;
import org.netdissect.base.ByteSize;
import org.netdissect.base.InputException;

/** Deletes from a cache what meets all of the given criteria, least recently used first. */
public final class CachePruning {
    private final CacheInventory inventory;
    private final Criteria criteria;
    private final Instant now;

    /**
     * What to delete. Several criteria narrow each other down: what is deleted cannot be brought back, and who wants
     * more can ask twice.
     *
     * @param keys first digits of keys; any key where there are none
     * @param olderThan only keys that were not used for so long
     * @param maxSize only until the whole cache is as small
     * @param unfinished only what interrupted runs left, layer by layer
     */
    public record Criteria(
            List<String> keys, Optional<Duration> olderThan, Optional<ByteSize> maxSize, boolean unfinished) {
        /** Throws {@link InputException} where there is none, since that would delete all. */
        public Criteria {
            keys = List.copyOf(keys);
            if (keys.isEmpty() && olderThan.isEmpty() && maxSize.isEmpty() && !unfinished) {
                throw new InputException(
                        "nothing says what to delete: give --older-than, --max-size, --key or --unfinished");
            }
        }
    }

    /**
     * One key.
     *
     * @param layers those deleted, or to be deleted
     * @param outcome what became of it
     */
    public record Step(StoredKey key, List<StoredLayer> layers, CacheRemoval.Outcome outcome) {
        /** Copies the list. */
        public Step {
            layers = List.copyOf(layers);
        }
    }

    /**
     * What was done.
     *
     * @param steps in order
     * @param bytesLeft in the whole cache
     */
    public record Result(List<Step> steps, long bytesLeft) {
        /** Copies the list. */
        public Result {
            steps = List.copyOf(steps);
        }

        /** Bytes that were freed. */
        public long freed() {
            return steps.stream().mapToLong(step -> step.outcome().freed()).sum();
        }
    }

    /** A pruning of what {@code inventory} saw. */
    public CachePruning(CacheInventory inventory, Criteria criteria, Instant now) {
        this.inventory = inventory;
        this.criteria = criteria;
        this.now = now;
    }

    /**
     * Deletes, or with {@code dryRun} says what would be deleted if nobody were at work.
     *
     * @throws InputException for a key that is not there
     */
    public Result run(boolean dryRun) throws IOException {
        List<Step> steps = new ArrayList<>();
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
            steps.add(new Step(key, layers, outcome));
        }
        // looked up again: a run at work may have written more meanwhile
        return new Result(
                steps, dryRun ? left : CacheInventory.of(inventory.root()).bytes());
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
