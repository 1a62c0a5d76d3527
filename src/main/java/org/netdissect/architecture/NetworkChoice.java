package org.netdissect.architecture;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The network that a user names.
 *
 * @param file TorchScript archive, torch.export archive, or weights
 * @param architecture name of the network that the weights are of, or null to recognise it
 * @param key path of the weights in the file, or null to find them
 */
public record NetworkChoice(
        Path file, @Nullable String architecture, @Nullable String key) {
    /** The key of weights that are not inside anything. */
    private static final String TOP = ".";

    /** Reads an empty key as the top of the file, as it is recorded. */
    public NetworkChoice {
        key = "".equals(key) ? TOP : key;
    }

    /** A file of which nothing else is said. */
    public static NetworkChoice of(Path file) {
        return new NetworkChoice(file, null, null);
    }

    /** The choice with what is missing taken from elsewhere. */
    public NetworkChoice orElse(@Nullable String otherArchitecture, @Nullable String otherKey) {
        return new NetworkChoice(
                file, architecture == null ? otherArchitecture : architecture, key == null ? otherKey : key);
    }
}
