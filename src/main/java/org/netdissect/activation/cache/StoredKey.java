package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All layers that are stored under one key: one network with one preprocessing over one probe set.
 *
 * @param folder {@code ROOT/<key>}
 * @param use last user, if recorded
 * @param lastUsed time in {@code use}, else of the newest file
 * @param layers by name
 * @param bytes size of all files of the cache
 * @param foreign other entries of the folder
 */
record StoredKey(
        Path folder,
        Optional<CacheUse> use,
        Instant lastUsed,
        List<StoredLayer> layers,
        long bytes,
        List<ForeignEntry> foreign) {

    StoredKey {
        layers = List.copyOf(layers);
        foreign = List.copyOf(foreign);
    }

    /** 32 hexadecimal digits. */
    String key() {
        return folder.getFileName().toString();
    }

    /** Reads a folder under the cache's root; nothing if it is not a key's. */
    static Optional<StoredKey> read(Path folder) throws IOException {
        if (!CacheFiles.isFolder(folder) || !CacheFiles.isKeyName(folder)) {
            return Optional.empty();
        }
        Optional<CacheUse> use = CacheUse.read(folder);
        List<StoredLayer> layers = new ArrayList<>();
        List<ForeignEntry> foreign = new ArrayList<>();
        List<Path> ours = new ArrayList<>();
        for (Path entry : CacheFiles.in(folder)) {
            if (CacheFiles.isOfKey(entry)) {
                ours.add(entry);
            } else {
                readEntry(entry, layers, foreign);
            }
        }
        boolean bare = layers.isEmpty() && foreign.isEmpty();
        if (!bare && use.isEmpty() && layers.stream().noneMatch(StoredLayer::isProven)) {
            return Optional.empty();
        }
        long bytes = layers.stream().mapToLong(StoredLayer::bytes).sum();
        for (Path file : ours) {
            bytes += CacheFiles.size(file);
        }
        Instant lastUsed = use.isPresent() ? use.get().lastUsed() : newest(folder, layers);
        return Optional.of(new StoredKey(folder, use, lastUsed, layers, bytes, foreign));
    }

    private static void readEntry(Path entry, List<StoredLayer> layers, List<ForeignEntry> foreign) {
        if (!CacheFiles.isFolder(entry)) {
            foreign.add(ForeignEntry.of(entry));
            return;
        }
        try {
            Optional<StoredLayer> layer = StoredLayer.read(entry);
            if (layer.isPresent()) {
                foreign.addAll(layer.get().foreign());
                layers.add(layer.get());
            } else {
                foreign.add(ForeignEntry.of(entry));
            }
        } catch (IOException e) {
            foreign.add(new ForeignEntry(entry, "cannot be read (" + e + ")"));
        }
    }

    /** Time of the newest file; the lock is left out, since every process that opens the key changes it. */
    private static Instant newest(Path folder, List<StoredLayer> layers) throws IOException {
        FileTime newest = layers.isEmpty() ? Files.getLastModifiedTime(folder) : FileTime.fromMillis(0);
        for (StoredLayer layer : layers) {
            for (Path file : layer.files()) {
                FileTime time = CacheFiles.modified(file);
                newest = time.compareTo(newest) > 0 ? time : newest;
            }
        }
        return newest.toInstant();
    }
}
