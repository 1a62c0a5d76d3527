package org.netdissect.network;

import org.netdissect.base.Spelling;

/** The order in which the engine keeps images and maps in memory. Values differ in their last digits. */
public enum MemoryFormat {
    /** [images, channels, height, width], PyTorch's own. */
    CONTIGUOUS,
    /** [images, height, width, channels]: faster on CPUs, whose kernels need not reorder it. */
    CHANNELS_LAST;

    /** Where nobody says: channels-last on CPUs. */
    public static MemoryFormat usual(ComputeDevice device) {
        return Engines.isGpu(device) ? CONTIGUOUS : CHANNELS_LAST;
    }

    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
