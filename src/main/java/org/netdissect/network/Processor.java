package org.netdissect.network;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;

/**
 * Keeps the engine from a fault on some processors. In virtual machines that hide the caches of an AMD processor with
 * AVX-512, oneDNN 3.7 (in PyTorch 2.7.1) computes wrong numbers, now and then NaN, where a convolution's channels do
 * not fill its registers: 24 channels, 3x3, give garbage in nearly all outputs. With AVX2 it is right.
 */
final class Processor {
    /** Variable that oneDNN reads once, when it first computes. */
    private static final String LIMIT = "DNNL_MAX_CPU_ISA";

    private static final String LIMITED_TO = "AVX2";

    /** Folder in which Linux describes the processor's caches. */
    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");

    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");

    private static final Path LIBRARIES = Path.of("/proc/self/maps");
    /** Level of errors in libtorch's log. */
    private static final int ERRORS = 2;

    private static final boolean AFFECTED = isAffected(CACHES, DESCRIPTION);

    private Processor() {}

    /** Part of the engine's identity: empty, or the instruction set that it is limited to. */
    static String identity() {
        String limit = System.getenv(LIMIT);
        return limit != null ? " " + limit : AFFECTED ? " " + LIMITED_TO : "";
    }

    /** Properties of the processor that select kernels. */
    static SortedMap<String, String> fingerprint() {
        SortedMap<String, String> fields =
                ProcessorFingerprint.fields(DESCRIPTION, CACHES, Path.of("/etc/os-release"), System.getenv());
        if (AFFECTED) {
            fields.putIfAbsent(LIMIT, LIMITED_TO);
        }
        return fields;
    }

    /** Limits the instruction set where that is needed, unless the user has, before the engine computes. */
    static void prepare() {
        if (AFFECTED) {
            Environment.setIfAbsent(LIMIT, LIMITED_TO);
        }
    }

    /**
     * Lets the loaded engine log only errors on a processor that hides its caches: NNPACK does not know it, and would
     * warn at every convolution. TORCH_CPP_LOG_LEVEL has no effect here: libtorch reads it only where Python starts it.
     */
    static void silence() throws IOException {
        if (Files.isReadable(LIBRARIES) && !Files.exists(CACHES)) {
            for (String line : Files.readAllLines(LIBRARIES)) {
                if (line.endsWith("/libc10.so")) {
                    NativeLibrary.getInstance(line.substring(line.indexOf('/')))
                            .getGlobalVariableAddress("FLAGS_caffe2_log_level")
                            .setInt(0, ERRORS);
                    return;
                }
            }
        }
    }

    static boolean isAffected(Path caches, Path description) {
        if (!Files.isReadable(description) || Files.exists(caches)) {
            return false;
        }
        try {
            String text = Files.readString(description);
            return text.contains("AuthenticAMD") && text.contains("avx512f");
        } catch (IOException e) {
            // EngineCheck still finds wrong numbers
            return false;
        }
    }
}
