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

/** Properties that select the kernels on a GPU: its kind, the driver, environment variables. The CPU is left out. */
final class GpuFingerprint {
    /** Beginnings of the names of variables that PyTorch, cuBLAS and cuDNN read. */
    private static final List<String> VARIABLES =
            List.of("CUBLAS_", "CUDNN_", "NVIDIA_TF32_OVERRIDE", "TORCH_CUDNN_", "TORCH_ALLOW_TF32_");

    private GpuFingerprint() {}

    /**
     * Properties of a GPU.
     *
     * @param driver the folder in which NVIDIA's driver describes itself and its GPUs; need not exist
     */
    static SortedMap<String, String> fields(int gpu, Path driver, Map<String, String> environment) {
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
