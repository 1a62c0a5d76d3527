package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * Deletes activations, and only files that this program makes. The order ensures that a half-deleted layer never looks
 * complete and that a later deletion can finish the work of a killed one.
 */
final class CacheRemoval {
    private final StoredKey key;
    private long freed;

    private CacheRemoval(StoredKey key) {
        this.key = key;
    }

    /**
     * Outcome of a removal.
     *
     * @param freed bytes
     * @param obstacle reason why something was not deleted; empty if all was
     * @param isFailure whether the obstacle is an error rather than a running process
     */
    record Outcome(long freed, String obstacle, boolean isFailure) {}

    /**
     * Deletes layers of a key under its lock; with the last layer the key goes too.
     *
     * @param layers layers of {@code key}; those that have changed since stay
     */
    static Outcome remove(StoredKey key, List<StoredLayer> layers) {
        CacheRemoval removal = new CacheRemoval(key);
        try {
            return removal.run(layers);
        } catch (NoSuchFileException e) {
            return new Outcome(removal.freed, "somebody else deleted it", false);
        } catch (IOException e) {
            return new Outcome(removal.freed, "cannot be deleted (" + e + ")", true);
        }
    }

    private Outcome run(List<StoredLayer> layers) throws IOException {
        Optional<CacheLock> lock = CacheLock.tryTake(key.folder());
        if (lock.isEmpty()) {
            return new Outcome(0, "in use by process " + CacheLock.holder(key.folder()), false);
        }
        boolean empty;
        try (CacheLock held = lock.get()) {
            Optional<StoredKey> now = CacheInventory.again(key);
            if (now.isEmpty()
                    || !now.get().use().equals(key.use())
                    || !now.get().layers().containsAll(layers)) {
                return new Outcome(0, "used by another process just now", false);
            }
            for (StoredLayer layer : layers) {
                remove(layer);
            }
            empty = now.get().layers().size() == layers.size();
            if (empty) {
                removeKeyFiles();
                freed += held.deleteFile();
            }
        }
        if (empty) {
            deleteFolder(key.folder());
        }
        return new Outcome(freed, "", false);
    }

    /** Deletes the manifest of a complete layer first, and last the file that identifies the folder as a layer. */
    private void remove(StoredLayer layer) throws IOException {
        Path partial = layer.folder().resolve(CacheFiles.PARTIAL_MANIFEST);
        delete(layer.folder().resolve(CacheFiles.PROGRESS));
        Path manifest = layer.folder().resolve(ActivationCache.MANIFEST);
        if (CacheFiles.isFile(manifest)) {
            Files.move(manifest, partial, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        for (Path file : layer.files()) {
            if (!file.equals(partial)) {
                delete(file);
            }
        }
        delete(partial);
        deleteFolder(layer.folder());
    }

    private void removeKeyFiles() throws IOException {
        Path lock = key.folder().resolve(CacheLock.FILE);
        for (Path file : CacheFiles.in(key.folder())) {
            if (CacheFiles.isOfKey(file) && !file.equals(lock)) {
                delete(file);
            }
        }
    }

    private void delete(Path file) throws IOException {
        if (CacheFiles.isFile(file)) {
            long bytes = Files.size(file);
            Files.delete(file);
            freed += bytes;
        }
    }

    /** Deletes a folder unless it holds foreign files or a run has just begun in it. */
    private static void deleteFolder(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // the remaining files are foreign
        }
    }
}
