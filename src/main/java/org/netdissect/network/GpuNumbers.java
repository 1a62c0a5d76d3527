package org.netdissect.network;

/**
 * Keeps numbers on a GPU as exact as on a CPU, and the same at each pass.
 *
 * <p>PyTorch lets cuDNN round what convolutions multiply to 10 bits (TF32) unless told not to. NVIDIA's libraries take the
 * last word from the environment. And TorchScript's optimiser compiles kernels of its own for a GPU after the first passes,
 * which may round otherwise: a run that goes on after a break would not give the bytes of one without.
 */
final class GpuNumbers {
    private static final String SHORT = "NVIDIA_TF32_OVERRIDE";
    /** Read by DJL at every pass, since libtorch keeps it by thread (PtSymbolBlock.forwardInternal). */
    private static final String OPTIMIZER = "ai.djl.pytorch.graph_optimizer";

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

    /** To be called before the first pass of a network on a GPU; what the user has set stays. */
    static void keepKernels() {
        System.setProperty(OPTIMIZER, System.getProperty(OPTIMIZER, "false"));
    }
}
