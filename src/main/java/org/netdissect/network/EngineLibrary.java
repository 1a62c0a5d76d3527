package org.netdissect.network;

import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The libtorch that DJL is going to load, identified without loading it.
 *
 * @param version such as {@code 2.7.1-20250812}; with the size of its kernels if the user names the library
 * @param cuda whether it can run on GPUs
 */
record EngineLibrary(String version, boolean cuda) {
    /** Where DJL looks before anywhere else: a folder, or several as in PATH (LibUtils.findOverrideLibrary). */
    static final String PATH = "PYTORCH_LIBRARY_PATH";

    private static final String ENGINE = "pytorch";
    private static final String BUNDLED = "native/lib/pytorch.properties";

    /** Searches in DJL's order. */
    static EngineLibrary find() throws IOException {
        EngineLibrary bundled = bundled();
        EngineLibrary usual = bundled != null ? bundled : detected();
        String named = Utils.getEnvOrSystemProperty(PATH);
        return named == null ? usual : named(named, usual);
    }

    /**
     * The one library of the class path, if it is for CPUs. DJL's search gives the same, but asks CUDA first, through
     * JNA, which takes longer than many stages of a run from the cache.
     */
    private static @Nullable EngineLibrary bundled() throws IOException {
        ClassLoader loader = EngineLibrary.class.getClassLoader();
        List<URL> found = Collections.list(loader.getResources(BUNDLED));
        if (found.size() != 1) {
            return null;
        }
        Properties properties = new Properties();
        try (InputStream in = found.get(0).openStream()) {
            properties.load(in);
        }
        String version = properties.getProperty("version");
        boolean cpu = "cpu".equals(properties.getProperty("flavor"));
        return cpu && version != null ? new EngineLibrary(version, false) : null;
    }

    private static EngineLibrary detected() {
        Platform platform = Platform.detectPlatform(ENGINE);
        return new EngineLibrary(platform.getVersion(), platform.getFlavor().startsWith("cu"));
    }

    /** Identifies a build by its library's size, since the folder has no version. */
    private static EngineLibrary named(String folders, EngineLibrary usual) throws IOException {
        for (String folder : folders.split(File.pathSeparator)) {
            Path library = Path.of(folder).resolve(System.mapLibraryName("torch"));
            if (Files.isRegularFile(library)) {
                Path kernels = library.resolveSibling(System.mapLibraryName("torch_cpu"));
                String version = Utils.getEnvOrSystemProperty("PYTORCH_VERSION", usual.version());
                return new EngineLibrary(
                        version + " of " + (Files.exists(kernels) ? Files.size(kernels) : 0) + " bytes",
                        Files.exists(library.resolveSibling(System.mapLibraryName("torch_cuda"))));
            }
        }
        return usual;
    }
}
