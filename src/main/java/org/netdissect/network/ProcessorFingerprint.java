package org.netdissect.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.netdissect.activation.Fingerprint;

/**
 * Properties that select the kernels on a CPU. PyTorch, oneDNN and MKL choose by vendor, model and instruction sets;
 * oneDNN's blocks are as large as the caches allow, which changes the order of sums; some functions are the system's. A
 * superfluous property only costs some images computed twice.
 */
final class ProcessorFingerprint {
    /** Lines of /proc/cpuinfo that name a processor, of x86 and Arm; others change with time or from core to core. */
    private static final Set<String> NAMES = Set.of(
            "vendor_id",
            "cpu family",
            "model",
            "stepping",
            "model name",
            "CPU implementer",
            "CPU architecture",
            "CPU variant",
            "CPU part",
            "CPU revision");

    private static final Set<String> INSTRUCTIONS = Set.of("flags", "Features");

    /** Beginnings of the names of variables that PyTorch, oneDNN, MKL and OpenBLAS read. */
    private static final List<String> VARIABLES =
            List.of("ATEN_", "ONEDNN_", "DNNL_", "MKL_", "MKLDNN_", "TORCH_MKLDNN_", "OPENBLAS_");

    /** The C library's mathematical functions have kernels of their own; another library may take their place. */
    private static final List<String> SYSTEM_VARIABLES = List.of("GLIBC_TUNABLES", "LD_PRELOAD");

    /** Variables that have no effect on a forward pass of one thread. */
    private static final List<String> IRRELEVANT = List.of("VERBOSE", "NUM_THREADS", "DYNAMIC");

    private ProcessorFingerprint() {}

    /**
     * Properties of a CPU.
     *
     * @param description such as /proc/cpuinfo; need not exist
     * @param caches folder of the first processor's, as Linux shows them; need not exist
     * @param release of the system, as /etc/os-release; need not exist
     */
    static SortedMap<String, String> fields(
            Path description, Path caches, Path release, Map<String, String> environment) {
        TreeMap<String, String> fields = new TreeMap<>();
        try {
            readDescription(description, fields);
            readCaches(caches, fields);
            readRelease(release, fields);
        } catch (IOException e) {
            // the fields read so far distinguish most machines
        }
        // Windows' name of the processor; the architecture where there is none
        fields.putIfAbsent(
                Fingerprint.NAME, environment.getOrDefault("PROCESSOR_IDENTIFIER", System.getProperty("os.arch")));
        environment.forEach((name, value) -> {
            if (isRead(name) || SYSTEM_VARIABLES.contains(name)) {
                fields.put(name, value);
            }
        });
        return fields;
    }

    private static boolean isRead(String name) {
        return VARIABLES.stream().anyMatch(name::startsWith)
                && IRRELEVANT.stream().noneMatch(name::contains);
    }

    /**
     * Only the first processor's lines are read: the kernel makes the text as it is read, and servers have hundreds.
     */
    private static void readDescription(Path description, Map<String, String> fields) throws IOException {
        if (!Files.isReadable(description)) {
            return;
        }
        StringBuilder name = new StringBuilder();
        try (BufferedReader reader = Files.newBufferedReader(description)) {
            for (String line = reader.readLine(); line != null && !line.isBlank(); line = reader.readLine()) {
                int colon = line.indexOf(':');
                String key = line.substring(0, Math.max(colon, 0)).strip();
                String value = line.substring(colon + 1).strip();
                if (NAMES.contains(key)) {
                    name.append(name.isEmpty() ? "" : " ").append(value);
                } else if (INSTRUCTIONS.contains(key)) {
                    fields.put("instructions", String.join(" ", new TreeSet<>(List.of(value.split(" ")))));
                }
            }
        }
        if (!name.isEmpty()) {
            fields.put(Fingerprint.NAME, name.toString());
        }
    }

    private static void readCaches(Path caches, Map<String, String> fields) throws IOException {
        if (!Files.isDirectory(caches)) {
            return;
        }
        TreeSet<String> found = new TreeSet<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(caches, "index*")) {
            for (Path folder : folders) {
                found.add("L" + text(folder, "level") + "-" + text(folder, "type") + "-" + text(folder, "size") + "-of-"
                        + text(folder, "shared_cpu_list"));
            }
        }
        fields.put("caches", String.join(" ", found));
    }

    private static String text(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.isReadable(file) ? Files.readString(file).strip() : "";
    }

    private static void readRelease(Path release, Map<String, String> fields) throws IOException {
        StringBuilder system = new StringBuilder(System.getProperty("os.name"));
        if (Files.isReadable(release)) {
            for (String line : Files.readAllLines(release)) {
                if (line.startsWith("ID=") || line.startsWith("VERSION_ID=")) {
                    system.append(' ')
                            .append(line.substring(line.indexOf('=') + 1).replace("\"", ""));
                }
            }
        } else {
            system.append(' ').append(System.getProperty("os.version"));
        }
        fields.put("system", system.toString());
    }
}
