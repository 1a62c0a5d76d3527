package org.netdissect.network;

/**
 * Keeps numbers on a GPU as exact as on a CPU. By default PyTorch lets cuDNN round the factors of convolutions to 10
 * bits (TF32); an environment variable of NVIDIA's libraries overrules that.
 */
final class GpuNumbers {
    private static final String SHORT = "NVIDIA_TF32_OVERRIDE";

    private GpuNumbers() {}

    /** Part of the engine's identity: empty, or a mark that the user allows short numbers. */
    static String identity() {
        String given = System.getenv(SHORT);
        return given == null || given.equals("0") ? "" : " TF32";
    }

    /** Sets the variable, unless the user has, before the engine computes. */
    static void prepare() {
        if (System.getenv(SHORT) == null) {
            Environment.setIfAbsent(SHORT, "0");
        }
    }
}
