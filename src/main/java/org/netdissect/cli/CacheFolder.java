package org.netdissect.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where activations are kept where no --cache is given. */
final class CacheFolder {
    private CacheFolder() {}

    /** {@code $NETDISSECT_CACHE}, else {@code $XDG_CACHE_HOME/netdissect}, else {@code ~/.cache/netdissect}. */
    static Path usual() {
        String own = variable("NETDISSECT_CACHE");
        if (own != null) {
            return Path.of(own);
        }
        String caches = variable("XDG_CACHE_HOME");
        return caches != null
                ? Path.of(caches, "netdissect")
                : Path.of(System.getProperty("user.home"), ".cache", "netdissect");
    }

    private static @Nullable String variable(String name) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? null : value;
    }
}
