package org.netdissect.run;

import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.Engines;
import org.netdissect.network.MemoryFormat;

/**
 * Settings of the engine that runs the network.
 *
 * @param batch images per forward pass, or 0 for the device's default
 * @param device where the network runs
 * @param threads number of concurrent forward passes and alignments
 * @param format order of maps in memory, or null for the device's default
 */
public record EngineSettings(
        int batch,
        ComputeDevice device,
        int threads,
        @Nullable MemoryFormat format) {

    /** Throws {@link InputException} for values outside their range. */
    public EngineSettings {
        if (threads < 1) {
            throw new InputException("--threads " + threads + ": expected at least 1");
        }
    }

    public int batchUsed() {
        return batch > 0 ? batch : Engines.usualBatch(device);
    }

    public MemoryFormat formatUsed() {
        return format == null ? MemoryFormat.usual(device) : format;
    }
}
