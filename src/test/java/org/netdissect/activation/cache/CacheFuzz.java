package org.netdissect.activation.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.CacheIdentity;
import org.netdissect.activation.Precision;
import org.netdissect.base.FuzzFolder;
import org.netdissect.base.GridSize;
import org.netdissect.base.RunException;

/**
 * Any bytes as the files of a layer in a cache: manifest.json (also as partial.json), progress.log and the array,
 * separated by byte 1.
 */
public final class CacheFuzz {
    private static final Path FOLDER = FuzzFolder.create();
    private static final String LAYER = "a";
    private static final ActivationShape SHAPE = new ActivationShape(3, 2, new GridSize(1, 2));

    private CacheFuzz() {}

    /** Entry for Jazzer, and for FuzzRegressionTest with Jazzer's findings. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        String[] parts = new String(data, StandardCharsets.ISO_8859_1).split("\u0001", 3);
        CacheIdentity identity = new CacheIdentity(new TreeMap<>(java.util.Map.of("model", "m")));
        try (ActivationCache cache = ActivationCache.open(FOLDER, identity)) {
            Path layer = Files.createDirectories(cache.folder(LAYER));
            for (String name : List.of("manifest.json", "partial.json")) {
                write(layer.resolve(name), parts[0]);
            }
            write(layer.resolve("progress.log"), parts.length > 1 ? parts[1] : "");
            write(layer.resolve(LayerWriter.ARRAY), parts.length > 2 ? parts[2] : "");
            Files.deleteIfExists(layer.resolve(LayerWriter.PARTIAL));
            try (CachedLayer found = cache.find(LAYER).orElseThrow()) {
                found.replay(block -> {});
            } catch (RunException e) {
                FuzzFolder.expectClear(e, layer.toString());
            }
            try (LayerWriter writer = cache.writer(LAYER, SHAPE, Precision.FLOAT32)) {
                writer.replay(block -> {});
            } catch (RunException e) {
                FuzzFolder.expectClear(e, layer.toString());
            }
        }
    }

    private static void write(Path file, String bytes) throws IOException {
        Files.write(file, bytes.getBytes(StandardCharsets.ISO_8859_1));
    }
}
