package org.netdissect.cli;

import org.jspecify.annotations.Nullable;
import org.netdissect.activation.Precision;
import org.netdissect.base.ByteSize;
import org.netdissect.base.InputException;
import org.netdissect.pipeline.StorageSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where activations are kept. */
final class StorageOptions {
    @Mixin
    private CacheOption cache = new CacheOption();

    @Option(
            names = "--no-cache",
            description =
                    "Keep no activations: the network runs once over the images, or twice, for thresholds and for "
                            + "masks, where --memory does not hold what may lie in masks. "
                            + "The tables are the same. So it also goes where the cache has no room.")
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
                    "Memory for the greatest activations, of which exact thresholds need a top fraction at hand, and "
                            + "for what may lie in masks. "
                            + "Past it they take more passes over the cache, or without one are sketched (default: a quarter of "
                            + "Java's heap).")
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
