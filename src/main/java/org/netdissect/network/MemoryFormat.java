package org.netdissect.network;

import org.netdissect.base.Spelling;

/** Order of images and maps in the engine's memory. Activations differ between the two in their last digits. */
public enum MemoryFormat {
    /** [images, channels, height, width], PyTorch's default. */
    CONTIGUOUS,
    /** [images, height, width, channels]: faster on CPUs, whose kernels need not reorder it. */
    CHANNELS_LAST;

    /** Default of a device: channels-last on CPUs. */
    public static MemoryFormat usual(ComputeDevice device) {
        return Engines.isGpu(device) ? CONTIGUOUS : CHANNELS_LAST;
    }

    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
