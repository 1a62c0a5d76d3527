package org.netdissect.activation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.netdissect.base.InputException;

/**
 * What a cache folder holds. Taken without a lock: a run may be at work in it.
 *
 * @param root the cache's folder, which need not exist
 * @param keys most recently used first
 * @param foreign what lies there and is no cache's, or cannot be read
 */
public record CacheInventory(Path root, List<StoredKey> keys, List<ForeignEntry> foreign) {
    private static final int SHORTEST_NAME = 8;

    /** Copies the lists. */
    public CacheInventory {
        keys = List.copyOf(keys);
        foreign = List.copyOf(foreign);
    }

    /** Looks through a cache folder. Throws {@link InputException} where {@code root} is a file. */
    public static CacheInventory of(Path root) throws IOException {
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

    /** Bytes of all files that are of the cache. */
    public long bytes() {
        return keys.stream().mapToLong(StoredKey::bytes).sum();
    }

    /** The first digits of a key: as many as tell all keys here apart, and eight at least. */
    public String shortName(StoredKey key) {
        int digits = SHORTEST_NAME;
        while (matching(key.key().substring(0, digits)).size() > 1) {
            digits++;
        }
        return key.key().substring(0, digits);
    }

    /**
     * The key that begins with these digits.
     *
     * @throws InputException where none does, or several do
     */
    public StoredKey find(String digits) {
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

    /** A folder as it is now, after others may have worked in it. */
    static Optional<StoredKey> again(StoredKey key) throws IOException {
        return CacheFiles.isFolder(key.folder()) ? StoredKey.read(key.folder()) : Optional.empty();
    }
}
