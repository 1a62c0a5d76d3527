package org.netdissect.run;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.Precision;
import org.netdissect.base.InputException;

/**
 * Settings of the activation cache, and the memory for thresholds and masks.
 *
 * @param cache folder of the activation cache, or null to keep none and run the network twice
 * @param precision of the activations that all numbers are computed from
 * @param memory bytes for the greatest activations of all layers, and for the candidates of masks
 */
public record StorageSettings(@Nullable Path cache, Precision precision, long memory) {
    /** Share of the heap for the greatest activations where nothing else is said. */
    private static final int HEAP_SHARE = 4;

    /** Throws {@link InputException} for values outside their range. */
    public StorageSettings {
        if (memory < 1) {
            throw new InputException("--memory " + memory + ": expected a size such as 2GB");
        }
    }

    /** Bytes for the greatest activations where nothing else is said. */
    public static long usualMemory() {
        return Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    }
}
