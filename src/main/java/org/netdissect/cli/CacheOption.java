package org.netdissect.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the folder of the activation cache. */
final class CacheOption {
    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Activation cache (default: $NETDISSECT_CACHE, else ~/.cache/netdissect).")
    private @Nullable Path cache;

    /** The folder that was given, or null. */
    @Nullable
    Path given() {
        return cache;
    }

    /**
     * The given folder, else {@code $NETDISSECT_CACHE}, {@code $XDG_CACHE_HOME/netdissect} or
     * {@code ~/.cache/netdissect}.
     */
    Path folder() {
        if (cache != null) {
            return cache;
        }
        String folder = variable("NETDISSECT_CACHE");
        if (folder != null) {
            return Path.of(folder);
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
