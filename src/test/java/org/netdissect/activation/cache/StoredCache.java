package org.netdissect.activation.cache;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.CacheIdentity;
import org.netdissect.activation.MapSource;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.base.GridSize;

/** Makes small caches with 37 images of 4 units of 3x5, in chunks of 16, 16 and 5 images. */
final class StoredCache {
    private static final int CHUNK = MapSource.LARGEST_CHUNK;
    static final ActivationShape SHAPE = new ActivationShape(37, 4, new GridSize(3, 5));
    static final int BYTES_PER_IMAGE = 4 * 3 * 5 * 4;

    private StoredCache() {}

    static CacheIdentity identity(String model) {
        return new CacheIdentity(new TreeMap<>(Map.of("model", model)));
    }

    /** Writes a key with these complete layers, and returns its folder. */
    static Path write(Path root, String model, Instant lastUsed, String... layers) throws IOException {
        try (ActivationCache cache = ActivationCache.open(root, identity(model))) {
            for (String layer : layers) {
                try (LayerWriter writer = cache.writer(layer, SHAPE, Precision.FLOAT32)) {
                    append(writer, 37);
                    try (CachedLayer complete = writer.finish()) {
                        complete.saveThresholds(Quantile.upper(new BigDecimal("0.005")), new Thresholds(new float[4]));
                    }
                }
            }
            new CacheUse("/models/" + model + ".pt", "/data/probe", lastUsed).write(cache.folder());
            return cache.folder();
        }
    }

    /** Writes this many images of a layer, and returns its folder. */
    static Path writeRest(Path root, String model, String layer, int images) throws IOException {
        try (ActivationCache cache = ActivationCache.open(root, identity(model));
                LayerWriter writer = cache.writer(layer, SHAPE, Precision.FLOAT32)) {
            append(writer, images);
            return cache.folder(layer);
        }
    }

    /** Appends images and records complete chunks; images of an incomplete chunk are written but not recorded. */
    private static void append(LayerWriter writer, int images) throws IOException {
        int recorded = images == SHAPE.images() ? images : images / CHUNK * CHUNK;
        SpanWriter whole = writer.span(0, recorded);
        whole.write(block(0, recorded));
        writer.append(whole.end());
        if (images > recorded) {
            writer.span(recorded, SHAPE.images() - recorded).write(block(recorded, images - recorded));
        }
    }

    static ActivationBlock block(int first, int images) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(images * BYTES_PER_IMAGE).order(ByteOrder.nativeOrder());
        for (int i = 0; i < images * BYTES_PER_IMAGE / Float.BYTES; i++) {
            bytes.putFloat(i * Float.BYTES, i);
        }
        return ActivationBlock.computed(first, images, 4, SHAPE.map(), Precision.FLOAT32, bytes);
    }

    static void flip(Path file, int position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 0x10;
        Files.write(file, bytes);
    }
}
