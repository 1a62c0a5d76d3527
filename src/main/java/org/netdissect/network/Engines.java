package org.netdissect.network;

import ai.djl.engine.Engine;
import ai.djl.util.Platform;
import ai.djl.util.cuda.CudaUtils;
import org.netdissect.base.RunException;

/** Starts the engine once, quietly. */
public final class Engines {
    private static final String NAME = "pytorch";
    private static final String THREADS = "ai.djl.pytorch.num_threads";

    private Engines() {}

    /**
     * Sets the engine's own threads. Works once per process, before the first network is loaded.
     *
     * @param threads at least 1
     */
    public static void useThreads(int threads) {
        System.setProperty(THREADS, Integer.toString(threads));
    }

    /** Name and version of the engine, such as {@code PyTorch 2.7.1 (DJL 0.35.1)}; the engine need not be started. */
    public static String version() {
        return "PyTorch " + Platform.detectPlatform(NAME).getVersion() + " (DJL " + Engine.getDjlVersion() + ")";
    }

    /** What of the engine the numbers depend on: version and kind of device. The engine need not be started. */
    public static String identity(ComputeDevice device) {
        boolean cuda = Platform.detectPlatform(NAME).getFlavor().startsWith("cu");
        boolean gpu = device.name().startsWith("gpu") || (device.name().equals("auto") && cuda && CudaUtils.hasCuda());
        return version() + (gpu ? " gpu" : " cpu");
    }

    static Engine get() {
        // DJL counts its users over the network unless told not to (ai.djl.util.Ec2Utils).
        System.setProperty("OPT_OUT_TRACKING", "true");
        try {
            return Engine.getEngine("PyTorch");
        } catch (RuntimeException | LinkageError e) {
            throw new RunException(
                    "the PyTorch engine does not start on this machine (" + EngineErrors.oneLine(e)
                            + "); see 'other platforms' in the README",
                    e);
        }
    }
}
