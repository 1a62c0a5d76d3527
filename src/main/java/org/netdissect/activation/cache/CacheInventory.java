package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.netdissect.base.InputException;

/**
 * Contents of a cache folder, read without a lock: a run may be using it.
 *
 * @param root the cache's folder, which need not exist
 * @param keys most recently used first
 * @param foreign entries that are not of the cache, or cannot be read
 */
record CacheInventory(Path root, List<StoredKey> keys, List<ForeignEntry> foreign) {
    private static final int SHORTEST_NAME = 8;

    CacheInventory {
        keys = List.copyOf(keys);
        foreign = List.copyOf(foreign);
    }

    /** Lists a cache folder. Throws {@link InputException} where {@code root} is a file. */
    static CacheInventory of(Path root) throws IOException {
        List<StoredKey> keys = new ArrayList<>();
        List<ForeignEntry> foreign = new ArrayList<>();
        if (Files.exists(root)) {
            if (!Files.isDirectory(root)) {
                throw new InputException("--cache " + root + ": is a file, expected a folder");
            }
            for (Path entry : CacheFiles.in(root)) {
                try {
                    StoredKey.read(entry).ifPresentOrElse(keys::add, () -> foreign.add(ForeignEntry.of(entry)));
                } catch (IOException e) {
                    foreign.add(new ForeignEntry(entry, "cannot be read (" + e + ")"));
                }
            }
        }
        keys.sort(Comparator.comparing(StoredKey::lastUsed).reversed().thenComparing(StoredKey::key));
        return new CacheInventory(root, keys, foreign);
    }

    /** Total size of the cache's files in bytes. */
    long bytes() {
        return keys.stream().mapToLong(StoredKey::bytes).sum();
    }

    /** First digits of a key: enough to distinguish all keys here, at least eight. */
    String shortName(StoredKey key) {
        int digits = SHORTEST_NAME;
        while (matching(key.key().substring(0, digits)).size() > 1) {
            digits++;
        }
        return key.key().substring(0, digits);
    }

    /**
     * Finds the key that begins with these digits.
     *
     * @throws InputException where none does, or several do
     */
    StoredKey find(String digits) {
        if (digits.isEmpty()) {
            throw new InputException("a key is empty; 'netdissect cache list' shows the keys");
        }
        List<StoredKey> matching = matching(digits);
        if (matching.size() == 1) {
            return matching.get(0);
        }
        throw new InputException(
                matching.isEmpty()
                        ? "no key in " + root + " begins with '" + digits + "'; 'netdissect cache list' shows the keys"
                        : matching.size() + " keys in " + root + " begin with '" + digits + "': "
                                + String.join(
                                        ", ",
                                        matching.stream().map(this::shortName).toList()) + "; give more digits");
    }

    private List<StoredKey> matching(String digits) {
        return keys.stream().filter(key -> key.key().startsWith(digits)).toList();
    }

    /** Reads a key's folder again, since other processes may have changed it. */
    static Optional<StoredKey> again(StoredKey key) throws IOException {
        return CacheFiles.isFolder(key.folder()) ? StoredKey.read(key.folder()) : Optional.empty();
    }
}
