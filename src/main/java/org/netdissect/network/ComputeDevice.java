package org.netdissect.network;

import ai.djl.Device;
import ai.djl.engine.Engine;
import org.netdissect.base.InputException;

/**
 * The device that runs the network.
 *
 * @param name {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:N}
 */
public record ComputeDevice(String name) {
    /** The first GPU that the engine can use, else the CPU. */
    public static final ComputeDevice AUTO = new ComputeDevice("auto");

    /** The CPU. */
    public static final ComputeDevice CPU = new ComputeDevice("cpu");

    /** Throws {@link InputException} for any other name. */
    public ComputeDevice {
        boolean known = name.equals("auto") || name.equals("cpu") || name.equals("gpu");
        if (!known && !(name.startsWith("gpu:") && isIndex(name.substring(4)))) {
            throw new InputException("--device " + name + ": expected auto, cpu, gpu or gpu:N");
        }
    }

    private static boolean isIndex(String text) {
        return !text.isEmpty() && text.length() < 4 && text.chars().allMatch(Character::isDigit);
    }

    @Override
    public String toString() {
        return name;
    }

    Device resolve(Engine engine) {
        int gpus = engine.getGpuCount();
        if (!Engines.isGpu(this) || (name.equals("auto") && gpus == 0)) {
            return Device.cpu();
        }
        if (index() >= gpus) {
            throw new InputException("--device " + name + ": the engine sees " + gpus
                    + " GPUs; use --device cpu, or build with an engine for CUDA (README, other platforms)");
        }
        return Device.gpu(index());
    }

    /** Number of the GPU. */
    int index() {
        return name.startsWith("gpu:") ? Integer.parseInt(name.substring(4)) : 0;
    }
}
