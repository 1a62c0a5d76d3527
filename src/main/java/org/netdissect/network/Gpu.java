package org.netdissect.network;

import ai.djl.util.cuda.CudaUtils;
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
 * Keeps numbers on a GPU as exact as on a CPU, and lists the properties that select its kernels: its kind, the driver,
 * environment variables. The CPU has no part in them.
 *
 * <p>By default PyTorch lets cuDNN round the factors of convolutions to 10 bits (TF32); an environment variable of
 * NVIDIA's libraries overrules that.
 */
final class Gpu {
    private static final String SHORT_NUMBERS = "NVIDIA_TF32_OVERRIDE";

    /** Beginnings of the names of variables that PyTorch, cuBLAS and cuDNN read. */
    private static final List<String> VARIABLES =
            List.of("CUBLAS_", "CUDNN_", SHORT_NUMBERS, "TORCH_CUDNN_", "TORCH_ALLOW_TF32_");

    private Gpu() {}

    /** Part of the engine's identity: empty, or a mark that the user allows short numbers. */
    static String identity() {
        String given = System.getenv(SHORT_NUMBERS);
        return given == null || given.equals("0") ? "" : " TF32";
    }

    /** Forbids short numbers, unless the user has set the variable, before the engine computes. */
    static void prepare() {
        if (System.getenv(SHORT_NUMBERS) == null) {
            Environment.setIfAbsent(SHORT_NUMBERS, "0");
        }
    }

    /**
     * Properties of a GPU that select kernels.
     *
     * @param driver the folder in which NVIDIA's driver describes itself and its GPUs; need not exist
     */
    static SortedMap<String, String> fingerprint(int gpu, Path driver, Map<String, String> environment) {
        TreeMap<String, String> fields = new TreeMap<>();
        TreeSet<String> models = new TreeSet<>();
        try {
            readModels(driver.resolve("gpus"), models);
            Path version = driver.resolve("version");
            if (Files.isReadable(version)) {
                fields.put("driver", Files.readAllLines(version).get(0));
            }
        } catch (IOException | RuntimeException e) {
            // the fields read so far distinguish most GPUs
        }
        String capability = "GPU of compute capability " + capability(gpu);
        fields.put(Fingerprint.NAME, models.size() == 1 ? models.first() + ", " + capability : capability);
        if (models.size() > 1) {
            // the driver does not say which GPU is CUDA's first
            fields.put("gpus", String.join(", ", models));
            fields.put("gpu", gpu + " of " + environment.getOrDefault("CUDA_VISIBLE_DEVICES", "all"));
        }
        environment.forEach((name, value) -> {
            if (VARIABLES.stream().anyMatch(name::startsWith)) {
                fields.put(name, value);
            }
        });
        return fields;
    }

    private static String capability(int gpu) {
        try {
            return CudaUtils.getComputeCapability(gpu);
        } catch (RuntimeException e) {
            // loading the network reports a GPU that is not there
            return "?";
        }
    }

    private static void readModels(Path gpus, Set<String> models) throws IOException {
        if (!Files.isDirectory(gpus)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(gpus)) {
            for (Path folder : folders) {
                for (String line : Files.readAllLines(folder.resolve("information"))) {
                    if (line.startsWith("Model:")) {
                        models.add(line.substring(line.indexOf(':') + 1).strip());
                    }
                }
            }
        }
    }
}
