package org.netdissect.run;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.Precision;
import org.netdissect.base.InputException;

/**
 * Settings of the activation cache, and the memory for thresholds and masks.
 *
 * @param cache folder of the activation cache, or null for none, so that the network runs twice
 * @param precision of the activations that all numbers are computed from
 * @param memory bytes for the greatest activations of all layers, and for the candidates of masks
 */
public record StorageSettings(@Nullable Path cache, Precision precision, long memory) {
    /** The default memory is the heap divided by this number. */
    private static final int HEAP_SHARE = 4;

    /** Throws {@link InputException} for values outside their range. */
    public StorageSettings {
        if (memory < 1) {
            throw new InputException("--memory " + memory + ": expected a size such as 2GB");
        }
    }

    /** Default memory in bytes. */
    public static long usualMemory() {
        return Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    }
}
