package org.netdissect.network;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.Fingerprint;
import org.netdissect.base.RunException;

/** Starts the engine once, quietly. */
public final class Engines {
    private static final String THREADS = "ai.djl.pytorch.num_threads";
    /** Read by DJL at every pass, since libtorch keeps it by thread (PtSymbolBlock.forwardInternal). */
    private static final String OPTIMIZER = "ai.djl.pytorch.graph_optimizer";

    private static boolean checked;
    private static @Nullable EngineLibrary library;

    private Engines() {}

    private static synchronized EngineLibrary library() {
        if (library == null) {
            try {
                library = EngineLibrary.find();
            } catch (IOException e) {
                throw new RunException("the PyTorch engine cannot be looked for (" + e + ")", e);
            }
        }
        return library;
    }

    /** Name and version of the engine, such as {@code PyTorch 2.7.1 (DJL 0.35.1)}; the engine need not be started. */
    public static String version() {
        return "PyTorch " + library().version() + " (DJL " + Engine.getDjlVersion() + ")";
    }

    /**
     * Identity of the engine, on which the numbers depend: version, kind of device, instruction set where it is
     * limited, short numbers where a GPU may use them. The engine need not be started.
     */
    public static String identity(ComputeDevice device) {
        return version() + (isGpu(device) ? " gpu" + Gpu.identity() : " cpu" + Processor.identity());
    }

    /**
     * Properties of this machine, beyond {@link #identity}, that select the engine's kernels and with them the last
     * digits of activations. The engine need not be started.
     */
    public static Fingerprint fingerprint(ComputeDevice device) {
        SortedMap<String, String> fields = isGpu(device)
                ? Gpu.fingerprint(device.index(), Path.of("/proc/driver/nvidia"), System.getenv())
                : Processor.fingerprint();
        // decodes the images
        fields.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
        for (Map.Entry<String, String> usual :
                Map.of(THREADS, "1", OPTIMIZER, "false").entrySet()) {
            String value = System.getProperty(usual.getKey(), usual.getValue());
            if (!value.equals(usual.getValue())) {
                fields.put(usual.getKey(), value);
            }
        }
        return new Fingerprint(fields);
    }

    /**
     * Default of images per forward pass. On a CPU four keep the maps of a batch in its caches: 750 images of 224
     * pixels through squeezenet1_1bn take a third longer with 16.
     */
    public static int usualBatch(ComputeDevice device) {
        return isGpu(device) ? 64 : 4;
    }

    static boolean isGpu(ComputeDevice device) {
        return device.name().startsWith("gpu")
                || (device.name().equals("auto") && library().cuda() && CudaUtils.hasCuda());
    }

    static synchronized Engine get() {
        // DJL counts its users over the network unless they opt out (ai.djl.util.Ec2Utils).
        System.setProperty("OPT_OUT_TRACKING", "true");
        // One thread per forward pass: see ParallelPass.
        System.setProperty(THREADS, System.getProperty(THREADS, "1"));
        // TorchScript's optimiser takes more time in the first passes than it gains. On a GPU it then compiles kernels
        // that may round otherwise, so that a resumed run would give other bytes than an uninterrupted one.
        System.setProperty(OPTIMIZER, System.getProperty(OPTIMIZER, "false"));
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
            if (library().cuda()) {
                Gpu.prepare();
            }
            Engine engine = Engine.getEngine("PyTorch");
            Processor.silence();
            return engine;
        } catch (RuntimeException | LinkageError | IOException e) {
            throw new RunException(
                    "the PyTorch engine does not start on this machine (" + EngineErrors.withCauses(e)
                            + "); see 'other platforms' in the README",
                    e);
        }
    }
}
