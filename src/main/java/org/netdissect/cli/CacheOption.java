package org.netdissect.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.CacheInventory;
import org.netdissect.activation.ForeignEntry;
import picocli.CommandLine.Option;

/** Which cache the subcommands of {@code cache} work on. */
final class CacheOption {
    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Activation cache (default: $NETDISSECT_CACHE, else ~/.cache/netdissect).")
    private @Nullable Path cache;

    CacheInventory inventory() throws IOException {
        return CacheInventory.of(cache == null ? CacheFolder.usual() : cache);
    }

    /** Names what lies in the cache's folder and is left alone. */
    static void printForeign(CacheInventory inventory, PrintWriter err) {
        for (ForeignEntry entry : inventory.foreign()) {
            err.println("note: " + entry);
        }
        inventory.keys().forEach(key -> key.foreign().forEach(entry -> err.println("note: " + entry)));
    }
}
