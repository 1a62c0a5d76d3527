package org.netdissect.network;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.util.Platform;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.RunException;

/** Starts the engine once, quietly. */
public final class Engines {
    private static final String NAME = "pytorch";
    private static final String THREADS = "ai.djl.pytorch.num_threads";

    private static boolean checked;
    private static @Nullable Platform platform;

    private Engines() {}

    /** DJL looks through the class path for it each time. */
    private static synchronized Platform platform() {
        if (platform == null) {
            platform = Platform.detectPlatform(NAME);
        }
        return platform;
    }

    /** Name and version of the engine, such as {@code PyTorch 2.7.1 (DJL 0.35.1)}; the engine need not be started. */
    public static String version() {
        return "PyTorch " + platform().getVersion() + " (DJL " + Engine.getDjlVersion() + ")";
    }

    /** What of the engine the numbers depend on: version, kind of device, instruction set where it is limited. The engine need not be started. */
    public static String identity(ComputeDevice device) {
        return version() + (isGpu(device) ? " gpu" : " cpu" + Processor.identity());
    }

    /**
     * Images per forward pass where nobody says. On a CPU four keep the maps of a batch in its caches: 750 images of 224
     * pixels through squeezenet1_1bn take a third longer with 16.
     */
    public static int usualBatch(ComputeDevice device) {
        return isGpu(device) ? 64 : 4;
    }

    static boolean isGpu(ComputeDevice device) {
        boolean cuda = platform().getFlavor().startsWith("cu");
        return device.name().startsWith("gpu") || (device.name().equals("auto") && cuda && CudaUtils.hasCuda());
    }

    static synchronized Engine get() {
        // DJL counts its users over the network unless told not to (ai.djl.util.Ec2Utils).
        System.setProperty("OPT_OUT_TRACKING", "true");
        // One thread per forward pass: see ForwardPass.
        System.setProperty(THREADS, System.getProperty(THREADS, "1"));
        Engine engine = start();
        if (!checked) {
            try (NDManager manager = engine.newBaseManager()) {
                EngineCheck.run(manager);
            }
            checked = true;
        }
        return engine;
    }

    private static Engine start() {
        try {
            Processor.prepare();
            Engine engine = Engine.getEngine("PyTorch");
            Processor.silence();
            return engine;
        } catch (RuntimeException | LinkageError | IOException e) {
            throw new RunException(
                    "the PyTorch engine does not start on this machine (" + EngineErrors.oneLine(e)
                            + "); see 'other platforms' in the README",
                    e);
        }
    }
}
