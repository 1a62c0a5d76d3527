package org.netdissect.network;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;

/**
 * Keeps the engine from a fault on some processors. In virtual machines that hide the caches of an AMD processor with
 * AVX-512, oneDNN 3.7 (in PyTorch 2.7.1) computes wrong numbers, now and then NaN, where a convolution's channels do not
 * fill its registers: 24 channels, 3x3, give garbage in nearly all outputs. With AVX2 it is right.
 */
final class Processor {
    /** Read once by oneDNN, when it first computes. */
    private static final String LIMIT = "DNNL_MAX_CPU_ISA";

    private static final String LIMITED_TO = "AVX2";

    /** Linux makes it of what the processor says of its caches. */
    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");

    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");

    private static final Path LIBRARIES = Path.of("/proc/self/maps");
    /** Of libtorch's log levels. */
    private static final int ERRORS = 2;

    private static final boolean AFFECTED = isAffected(CACHES, DESCRIPTION);

    private Processor() {}

    /** What the numbers depend on besides the engine: empty, or the instruction set it is held to. */
    static String identity() {
        String limit = System.getenv(LIMIT);
        return limit != null ? " " + limit : AFFECTED ? " " + LIMITED_TO : "";
    }

    /** What decides which kernels run. */
    static SortedMap<String, String> fingerprint() {
        SortedMap<String, String> fields =
                ProcessorFingerprint.fields(DESCRIPTION, CACHES, Path.of("/etc/os-release"), System.getenv());
        if (AFFECTED) {
            fields.putIfAbsent(LIMIT, LIMITED_TO);
        }
        return fields;
    }

    /** To be called before the engine computes; what the user has set stays. */
    static void prepare() {
        if (AFFECTED) {
            Environment.setIfAbsent(LIMIT, LIMITED_TO);
        }
    }

    /**
     * To be called once the engine is loaded. NNPACK does not know a processor that hides its caches, and would warn at
     * every convolution: only errors are to be logged then. TORCH_CPP_LOG_LEVEL would do it, but libtorch reads that only
     * where Python starts it.
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
            // the engine's check still tells wrong numbers
            return false;
        }
    }
}
