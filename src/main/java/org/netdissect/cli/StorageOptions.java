package org.netdissect.cli;

import org.jspecify.annotations.Nullable;
import org.netdissect.activation.Precision;
import org.netdissect.base.ByteSize;
import org.netdissect.base.InputException;
import org.netdissect.run.StorageSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options for the storage of activations. */
final class StorageOptions {
    @Mixin
    private CacheOption cache = new CacheOption();

    @Option(
            names = "--no-cache",
            description =
                    "Keep no activations. The network runs once over the images, or twice (for thresholds, then for "
                            + "masks) if the candidates for masks exceed --memory. The tables are the same. A full "
                            + "disk has the same effect.")
    private boolean noCache;

    @Option(
            names = "--cache-precision",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description = "float32, or float16 to halve the cache (default: ${DEFAULT-VALUE}).")
    private Precision precision = Precision.FLOAT32;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "Memory for the greatest activations, which exact thresholds need, and for the candidates for "
                            + "masks. Above this limit thresholds take several passes over the cache; without a cache "
                            + "they are approximated (default: a quarter of Java's heap).")
    private @Nullable ByteSize memory;

    StorageSettings settings() {
        if (noCache && cache.given() != null) {
            throw new InputException("--no-cache with --cache " + cache.given() + ": give one of them");
        }
        return new StorageSettings(
                noCache ? null : cache.folder(),
                precision,
                memory == null ? StorageSettings.usualMemory() : memory.bytes());
    }
}
