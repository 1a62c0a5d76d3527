package org.netdissect.activation.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.CacheIdentity;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.base.Failures;
import org.netdissect.base.GridSize;
import org.netdissect.base.RunException;
import org.netdissect.base.Tail;

class ActivationCacheTest {
    private static final GridSize MAP = new GridSize(3, 5);
    private static final int UNITS = 4;
    private static final int IMAGES = 37;
    private static final ActivationShape SHAPE = new ActivationShape(IMAGES, UNITS, MAP);

    @TempDir
    Path root;

    private static CacheIdentity identity(String model) {
        return new CacheIdentity(new TreeMap<>(Map.of("model", model, "images", "abc")));
    }

    /** [images][units * cells] */
    private static float[][] values() {
        Random random = new Random(5);
        float[][] values = new float[IMAGES][UNITS * MAP.cells()];
        for (float[] image : values) {
            for (int i = 0; i < image.length; i++) {
                image[i] = random.nextFloat();
            }
        }
        return values;
    }

    private static ActivationBlock block(float[][] values, int from, int to, Precision precision) {
        ByteBuffer bytes = ByteBuffer.allocateDirect((to - from) * UNITS * MAP.cells() * Float.BYTES)
                .order(ByteOrder.nativeOrder());
        for (int image = from; image < to; image++) {
            bytes.asFloatBuffer().put((image - from) * UNITS * MAP.cells(), values[image]);
        }
        return ActivationBlock.computed(from, to - from, UNITS, MAP, precision, bytes);
    }

    private static void append(LayerWriter writer, float[][] values, int to, int batch, Precision precision)
            throws IOException {
        int chunk = 8;
        for (int from = writer.imagesDone(); from + chunk <= to || (to == IMAGES && from < to); from += chunk) {
            int end = Math.min(from + chunk, to);
            SpanWriter span = writer.span(from, end - from);
            for (int first = from; first < end; first += batch) {
                span.write(block(values, first, Math.min(first + batch, end), precision));
            }
            writer.append(span.end());
        }
    }

    private static void assertHolds(CachedLayer layer, float[][] values) throws IOException {
        float[] map = new float[MAP.cells()];
        int[] seen = {0};
        layer.replay(block -> {
            for (int image = 0; image < block.images(); image++) {
                for (int unit = 0; unit < UNITS; unit++) {
                    block.read(image, unit, map);
                    float[] expected = Arrays.copyOfRange(
                            values[block.firstImage() + image], unit * MAP.cells(), (unit + 1) * MAP.cells());
                    assertArrayEquals(expected, map);
                }
                seen[0]++;
            }
        });
        assertEquals(IMAGES, seen[0]);
    }

    @Test
    void whatIsWrittenIsReadWhateverTheBatches() throws IOException {
        float[][] values = values();
        for (int batch : new int[] {1, 3, 4, 7, 8}) {
            try (ActivationCache cache = ActivationCache.open(root, identity("batch" + batch))) {
                assertTrue(cache.find("features.12").isEmpty());
                try (LayerWriter writer = cache.writer("features.12", SHAPE, Precision.FLOAT32)) {
                    append(writer, values, IMAGES, batch, Precision.FLOAT32);
                    try (CachedLayer layer = writer.finish()) {
                        assertHolds(layer, values);
                    }
                }
                try (CachedLayer layer = cache.find("features.12").orElseThrow()) {
                    assertEquals(SHAPE, layer.shape());
                    assertHolds(layer, values);
                }
            }
        }
    }

    /** The header equals NumPy 1.24's for numpy.zeros((37, 4, 3, 5), '<f4'). */
    @Test
    void arrayIsANumPyFile() throws IOException {
        float[][] values = values();
        try (ActivationCache cache = ActivationCache.open(root, identity("m"));
                LayerWriter writer = cache.writer("conv5", SHAPE, Precision.FLOAT32)) {
            append(writer, values, IMAGES, 16, Precision.FLOAT32);
            try (CachedLayer layer = writer.finish()) {
                byte[] file = Files.readAllBytes(layer.path());
                String header =
                        "{'descr': '<f4', 'fortran_order': False, 'shape': (37, 4, 3, 5), }" + " ".repeat(51) + "\n";
                byte[] expected = ("\u0093NUMPY\1\0v\0" + header).getBytes(StandardCharsets.ISO_8859_1);
                assertEquals(128, expected.length);
                assertArrayEquals(expected, Arrays.copyOf(file, 128));
                assertEquals(128 + SHAPE.values() * 4, file.length);
                float last =
                        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getFloat(file.length - 4);
                assertEquals(values[IMAGES - 1][UNITS * MAP.cells() - 1], last);
            }
        }
    }

    @Test
    void anInterruptedWriterGoesOn() throws IOException {
        float[][] values = values();
        CacheIdentity identity = identity("m");
        try (ActivationCache cache = ActivationCache.open(root, identity);
                LayerWriter writer = cache.writer("conv5", SHAPE, Precision.FLOAT32)) {
            append(writer, values, 35, 5, Precision.FLOAT32);
        }
        try (ActivationCache cache = ActivationCache.open(root, identity)) {
            assertTrue(cache.find("conv5").isEmpty(), "half an array must not be found");
            try (LayerWriter writer = cache.writer("conv5", SHAPE, Precision.FLOAT32)) {
                assertEquals(32, writer.imagesDone(), "four chunks of 8 were finished");
                assertEquals(24, writer.rewind(31));
                int[] replayed = {0};
                writer.replay(block -> replayed[0] += block.images());
                assertEquals(24, replayed[0]);
                append(writer, values, IMAGES, 3, Precision.FLOAT32);
                try (CachedLayer layer = writer.finish()) {
                    assertHolds(layer, values);
                }
            }
        }
    }

    @Test
    void aDamagedChunkIsNotGoneOnFrom() throws IOException {
        float[][] values = values();
        CacheIdentity identity = identity("m");
        Path folder;
        try (ActivationCache cache = ActivationCache.open(root, identity);
                LayerWriter writer = cache.writer("conv5", SHAPE, Precision.FLOAT32)) {
            append(writer, values, 35, 5, Precision.FLOAT32);
            folder = cache.folder("conv5");
        }
        flip(folder.resolve("activations.npy.partial"), 128 + 20 * UNITS * MAP.cells() * 4);
        try (ActivationCache cache = ActivationCache.open(root, identity);
                LayerWriter writer = cache.writer("conv5", SHAPE, Precision.FLOAT32)) {
            assertEquals(16, writer.imagesDone());
        }
    }

    @Test
    void aRestOfAnotherShapeIsDropped() throws IOException {
        CacheIdentity identity = identity("m");
        try (ActivationCache cache = ActivationCache.open(root, identity);
                LayerWriter writer = cache.writer("conv5", SHAPE, Precision.FLOAT32)) {
            append(writer, values(), 35, 5, Precision.FLOAT32);
        }
        ActivationShape other = new ActivationShape(IMAGES, UNITS, new GridSize(5, 3));
        try (ActivationCache cache = ActivationCache.open(root, identity);
                LayerWriter writer = cache.writer("conv5", other, Precision.FLOAT32)) {
            assertEquals(0, writer.imagesDone());
        }
    }

    @Test
    void aFlippedByteIsFound() throws IOException {
        try (ActivationCache cache = ActivationCache.open(root, identity("m"));
                LayerWriter writer = cache.writer("conv5", SHAPE, Precision.FLOAT32)) {
            append(writer, values(), IMAGES, 16, Precision.FLOAT32);
            try (CachedLayer layer = writer.finish()) {
                flip(layer.path(), 128 + 17 * UNITS * MAP.cells() * 4 + 3);
                layer.read(1, layer.newBuffer());
                String error = Failures.message(RunException.class, () -> layer.read(2, layer.newBuffer()));
                assertTrue(error.contains("images 17 to 24"), error);
            }
        }
    }

    private static void flip(Path file, int position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 0x10;
        Files.write(file, bytes);
    }

    @Test
    void halfPrecisionIsRoundedOnceForAllReaders() throws IOException {
        float[][] values = values();
        try (ActivationCache cache = ActivationCache.open(root, identity("m"));
                LayerWriter writer = cache.writer("conv5", SHAPE, Precision.FLOAT16)) {
            float[] computed = new float[MAP.cells()];
            block(values, 0, 2, Precision.FLOAT16).read(1, 2, computed);
            append(writer, values, IMAGES, 16, Precision.FLOAT16);
            try (CachedLayer layer = writer.finish()) {
                assertEquals(128 + SHAPE.values() * 2, Files.size(layer.path()));
                float[] stored = new float[MAP.cells()];
                layer.read(0, layer.newBuffer()).read(1, 2, stored);
                assertArrayEquals(computed, stored);
                assertNotEquals(values[1][2 * MAP.cells()], stored[0]);
                assertEquals(values[1][2 * MAP.cells()], stored[0], 1e-3f);
            }
        }
    }

    @Test
    void thresholdsAreKeptByFractionAndChecked() throws IOException {
        Thresholds thresholds = new Thresholds(new float[] {1, 2.5f, 3, -4});
        try (ActivationCache cache = ActivationCache.open(root, identity("m"));
                LayerWriter writer = cache.writer("conv5", SHAPE, Precision.FLOAT32)) {
            append(writer, values(), IMAGES, 16, Precision.FLOAT32);
            try (CachedLayer layer = writer.finish()) {
                layer.saveThresholds(Quantile.upper(new BigDecimal("0.0050")), thresholds);
            }
            try (CachedLayer layer = cache.find("conv5").orElseThrow()) {
                float[] kept = layer.thresholds(Quantile.upper(new BigDecimal("0.005")))
                        .orElseThrow()
                        .toArray();
                assertArrayEquals(thresholds.toArray(), kept);
                assertTrue(
                        layer.thresholds(Quantile.upper(new BigDecimal("0.01"))).isEmpty());
                Quantile lower = new Quantile(Tail.LOWER, new BigDecimal("0.005"));
                assertTrue(layer.thresholds(lower).isEmpty(), "each tail has its own");
                layer.saveThresholds(lower, thresholds.negated());
                assertEquals(-2.5f, layer.thresholds(lower).orElseThrow().of(1));
                assertEquals(
                        2.5f,
                        layer.thresholds(Quantile.upper(new BigDecimal("0.005")))
                                .orElseThrow()
                                .of(1));
                Path file = cache.folder("conv5").resolve("thresholds-lower-0.005.npy");
                assertTrue(CacheFiles.isOfLayer(file), "cache prune knows it");
                flip(cache.folder("conv5").resolve("thresholds-0.005.npy"), 130);
                assertTrue(layer.thresholds(Quantile.upper(new BigDecimal("0.005")))
                        .isEmpty());
            }
        }
    }

    @Test
    void aSecondUserIsRefusedWithTheFirstOnesNumber() throws IOException {
        try (ActivationCache cache = ActivationCache.open(root, identity("m"))) {
            String error = Failures.message(RunException.class, () -> ActivationCache.open(root, identity("m")));
            assertTrue(error.contains("process " + ProcessHandle.current().pid()), error);
            ActivationCache.open(root, identity("other")).close();
            assertTrue(Files.exists(cache.folder()));
        }
        ActivationCache.open(root, identity("m")).close();
    }

    @Test
    void aMismatchNamesTheField() throws IOException {
        Path folder;
        try (ActivationCache cache = ActivationCache.open(root, identity("m"));
                LayerWriter writer = cache.writer("conv5", SHAPE, Precision.FLOAT32)) {
            append(writer, values(), IMAGES, 16, Precision.FLOAT32);
            writer.finish().close();
            folder = cache.folder();
        }
        Path moved = root.resolve(identity("n").key());
        assertFalse(Files.exists(moved));
        Files.move(folder, moved);
        try (ActivationCache cache = ActivationCache.open(root, identity("n"))) {
            String error = Failures.message(RunException.class, () -> cache.find("conv5"));
            assertTrue(error.contains("model: n, m"), error);
        }
    }

    @Test
    void chunksAreSmallForLargeMaps() {
        assertEquals(8, LayerWriter.chunkImages(SHAPE, Precision.FLOAT32));
        ActivationShape large = new ActivationShape(10, 64, new GridSize(224, 224));
        assertEquals(1, LayerWriter.chunkImages(large, Precision.FLOAT32));
        assertEquals(2, LayerWriter.chunkImages(large, Precision.FLOAT16));
    }
}
