package org.netdissect.activation.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.netdissect.base.ByteSize;
import org.netdissect.table.TextTable;

/**
 * The deletions of a pruning, made or only planned.
 *
 * @param inventory the cache before
 * @param steps deletions in order
 * @param bytesLeft bytes of the whole cache afterwards
 * @param maxSize size asked for
 * @param dryRun whether nothing was deleted
 */
public record PruningResult(
        CacheInventory inventory, List<Step> steps, long bytesLeft, Optional<ByteSize> maxSize, boolean dryRun) {
    /** Copies the list. */
    public PruningResult {
        steps = List.copyOf(steps);
    }

    /**
     * The deletion of a key in whole or in part.
     *
     * @param layers deleted, or to be deleted
     * @param outcome bytes freed, or the obstacle
     */
    record Step(StoredKey key, List<StoredLayer> layers, CacheRemoval.Outcome outcome) {
        Step {
            layers = List.copyOf(layers);
        }
    }

    /** One row per key, then the bytes freed and left. */
    public String text() {
        String table = steps.isEmpty() ? "" : table() + "\n";
        long freed = steps.stream().mapToLong(step -> step.outcome().freed()).sum();
        return table + (dryRun ? "Would free " : "Freed ") + CacheListing.size(freed) + "; "
                + CacheListing.size(bytesLeft) + (dryRun ? " would be" : " are") + " left in " + inventory.root()
                + "\n";
    }

    private TextTable table() {
        TextTable table = new TextTable(5, List.of("key", "network", "last used", "layers", "result", "size"));
        for (Step step : steps) {
            String obstacle = step.outcome().obstacle();
            List<String> layers = step.layers().stream().map(StoredLayer::layer).toList();
            table.add(List.of(
                    inventory.shortName(step.key()),
                    CacheListing.network(step.key()),
                    CacheListing.lastUsed(step.key()),
                    layers.isEmpty() ? "-" : String.join(", ", layers),
                    obstacle.isEmpty() ? (dryRun ? "would be deleted" : "deleted") : "kept: " + obstacle,
                    CacheListing.size(step.outcome().freed())));
        }
        return table;
    }

    /** Entries that are not part of the cache, and a size that was not reached. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>(CacheListing.foreign(inventory));
        maxSize.filter(size -> bytesLeft > size.bytes())
                .ifPresent(size -> notes.add("that is more than --max-size " + size
                        + "; the other criteria, or runs at work, keep the rest"));
        return notes;
    }

    /** Keys that could not be deleted. */
    public List<String> failures() {
        return steps.stream()
                .filter(step -> step.outcome().isFailure())
                .map(step -> step.key().folder() + ": " + step.outcome().obstacle())
                .toList();
    }
}
