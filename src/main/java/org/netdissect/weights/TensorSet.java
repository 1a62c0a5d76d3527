package org.netdissect.weights;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.netdissect.base.InputException;

/**
 * Tensors of a network, by name as stored and in the file's order.
 *
 * @param key path in the file at which they were found, such as {@code state_dict}; empty for the top
 * @param unreadable names of tensors of kinds that are not read, with the reason, such as "is sparse"
 */
public record TensorSet(Path file, String key, Map<String, StoredTensor> tensors, Map<String, String> unreadable) {
    /** Keeps the order. */
    public TensorSet {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        unreadable = Collections.unmodifiableMap(new LinkedHashMap<>(unreadable));
    }

    /**
     * Tensors, at least one of which can be read.
     *
     * @throws InputException if none can, or one has a very long name
     */
    static TensorSet of(Path file, String key, Map<String, StoredTensor> tensors, Map<String, String> unreadable) {
        if (tensors.isEmpty()) {
            String reason = unreadable.entrySet().stream()
                    .findFirst()
                    .map(entry -> Tensors.label(file, entry.getKey()) + ": " + entry.getValue())
                    .orElse(file + ": holds no tensors");
            throw new InputException(reason + "; expected weights of a network");
        }
        for (String name : tensors.keySet()) {
            if (name.length() > PathBudget.MAX_NAME) {
                throw new InputException(Tensors.label(file, name) + ": has a name of " + name.length()
                        + " characters; expected at most " + PathBudget.MAX_NAME);
            }
        }
        return new TensorSet(file, key, tensors, unreadable);
    }
}
