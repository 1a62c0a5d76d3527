package org.netdissect.network;

/**
 * Keeps numbers on a GPU as exact as on a CPU: PyTorch lets cuDNN round what convolutions multiply to 10 bits (TF32) unless
 * told not to. NVIDIA's libraries take the last word from the environment.
 */
final class GpuNumbers {
    private static final String SHORT = "NVIDIA_TF32_OVERRIDE";

    private GpuNumbers() {}

    /** What the numbers depend on besides the engine: empty, or that the user lets them be short. */
    static String identity() {
        String given = System.getenv(SHORT);
        return given == null || given.equals("0") ? "" : " TF32";
    }

    /** To be called before the engine computes; what the user has set stays. */
    static void prepare() {
        if (System.getenv(SHORT) == null) {
            Environment.setIfAbsent(SHORT, "0");
        }
    }
}
