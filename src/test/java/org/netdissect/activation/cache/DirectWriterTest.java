package org.netdissect.activation.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.CacheIdentity;
import org.netdissect.activation.Precision;
import org.netdissect.activation.cache.direct.DirectFile;
import org.netdissect.activation.cache.direct.DirectFiles;
import org.netdissect.activation.cache.direct.DirectInput;
import org.netdissect.activation.cache.direct.DirectWriter;
import org.netdissect.activation.cache.direct.SpanOutput;
import org.netdissect.base.Failures;
import org.netdissect.base.GridSize;
import org.netdissect.base.Workers;

/** Arrays written and read outside the page cache equal arrays written and read through it. */
class DirectWriterTest {
    private static final int DATA_OFFSET = 128;
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path root;

    private static Manifest manifest(ActivationShape shape, Precision precision) {
        return new Manifest(
                ActivationCache.FORMAT_VERSION,
                new TreeMap<>(Map.of("model", "m")),
                "conv",
                shape.images(),
                shape.units(),
                shape.map().height(),
                shape.map().width(),
                precision.toString(),
                LayerWriter.chunkImages(shape, precision),
                List.of(),
                new TreeMap<>());
    }

    private static FileChannel channel(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static LayerFile file(Path path, FileChannel channel, ActivationShape shape, Precision precision) {
        return new LayerFile(path, channel, manifest(shape, precision), DATA_OFFSET);
    }

    /** Block for these images, the same in any thread. */
    private static ActivationBlock block(ActivationShape shape, Precision precision, int from, int to) {
        int perImage = shape.valuesPerImage();
        ByteBuffer bytes =
                ByteBuffer.allocateDirect((to - from) * perImage * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int image = from; image < to; image++) {
            Random random = new Random(image);
            for (int i = 0; i < perImage; i++) {
                bytes.putFloat(random.nextFloat());
            }
        }
        return ActivationBlock.computed(from, to - from, shape.units(), shape.map(), precision, bytes.flip());
    }

    private static SpanWriter.Written write(
            SpanWriter span, ActivationShape shape, Precision precision, int from, int to, int batch)
            throws IOException {
        for (int first = from; first < to; first += batch) {
            span.write(block(shape, precision, first, Math.min(first + batch, to)));
        }
        return span.end();
    }

    /** Writes the layer's missing images, with spans on three threads in parallel, and appends them in order. */
    private static void fill(LayerWriter writer, Precision precision, int spanImages, int batch, int images)
            throws IOException {
        int start = writer.imagesDone();
        List<SpanWriter.Written> written = new ArrayList<>();
        for (int first = start; first < images; first += spanImages) {
            written.add(new SpanWriter.Written(0, 0, List.of(), List.of()));
        }
        Workers.run(3, written.size(), () -> index -> {
            int from = start + index * spanImages;
            int to = Math.min(from + spanImages, images);
            SpanWriter span = writer.span(from, to - from);
            SpanWriter.Written done = write(span, writer.shape(), precision, from, to, batch);
            synchronized (written) {
                written.set(index, done);
            }
        });
        for (SpanWriter.Written span : written) {
            writer.append(span);
        }
    }

    private static CacheIdentity identity(String model) {
        return new CacheIdentity(new TreeMap<>(Map.of("model", model)));
    }

    private static byte[] expected(ActivationShape shape, Precision precision) {
        ByteBuffer all = block(shape, precision, 0, shape.images()).bytes(0, shape.images());
        byte[] bytes = new byte[DATA_OFFSET + all.remaining()];
        all.get(bytes, DATA_OFFSET, all.remaining());
        return bytes;
    }

    /**
     * Whole blocks within a span go to one file and remainders to another, so that the test sees that exactly these
     * blocks bypass the page cache.
     */
    @Test
    void onlyWholeBlocksOfOneSpanPassThePageCacheBy() throws IOException {
        Random random = new Random(7);
        int blocksSeen = 0;
        for (int round = 0; round < 60; round++) {
            GridSize map = random.nextInt(4) == 0
                    ? new GridSize(1, 1)
                    : new GridSize(1 + random.nextInt(6), 1 + random.nextInt(6));
            int images = random.nextInt(5) == 0 ? 1 : 1 + random.nextInt(60);
            ActivationShape shape = new ActivationShape(images, 1 + random.nextInt(9), map);
            Precision precision = random.nextBoolean() ? Precision.FLOAT32 : Precision.FLOAT16;
            int block = 64 << random.nextInt(6);
            int spanImages = 8 * (1 + random.nextInt(3));
            int batch = 1 + random.nextInt(spanImages);
            Path through = root.resolve("through" + round);
            Path past = root.resolve("past" + round);
            try (FileChannel channel = channel(through);
                    FileChannel other = channel(past);
                    DirectWriter writer = new DirectWriter()) {
                LayerFile file = file(through, channel, shape, precision);
                DirectFile direct = DirectFiles.file(writer, channel, other, block);
                Workers.run(3, (images + spanImages - 1) / spanImages, () -> index -> {
                    int from = index * spanImages;
                    int to = Math.min(from + spanImages, images);
                    SpanWriter span = new SpanWriter(file.manifest(), direct.output(file.position(from)), from, to);
                    write(span, shape, precision, from, to, batch).await();
                });
            }
            byte[] expected = expected(shape, precision);
            byte[] edges = Arrays.copyOf(Files.readAllBytes(through), expected.length);
            byte[] blocks = Arrays.copyOf(Files.readAllBytes(past), expected.length);
            byte[] expectedEdges = expected.clone();
            byte[] expectedBlocks = new byte[expected.length];
            for (int from = 0; from < images; from += spanImages) {
                int to = Math.min(from + spanImages, images);
                int perImage = shape.valuesPerImage() * precision.bytes();
                int start = DATA_OFFSET + from * perImage;
                int end = DATA_OFFSET + to * perImage;
                for (int at = (start + block - 1) / block * block; at + block <= end; at += block) {
                    System.arraycopy(expected, at, expectedBlocks, at, block);
                    Arrays.fill(expectedEdges, at, at + block, (byte) 0);
                    blocksSeen++;
                }
            }
            assertArrayEquals(expectedEdges, edges, shape + " " + precision + " block " + block);
            assertArrayEquals(expectedBlocks, blocks, shape + " " + precision + " block " + block);
        }
        assertTrue(blocksSeen > 300, blocksSeen + " blocks");
    }

    /** Whether the file system supports direct I/O; otherwise the test covers the fallback. */
    private boolean knowsDirect() {
        try {
            FileChannel.open(
                            root.resolve("direct"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            ExtendedOpenOption.DIRECT)
                    .close();
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static boolean isDirect(Path array, ActivationShape shape, Precision precision) throws IOException {
        try (FileChannel channel = channel(array)) {
            int chunkBytes = file(array, channel, shape, precision).chunkBytes();
            Optional<DirectInput> direct = DirectInput.open(array, channel, chunkBytes);
            if (direct.isPresent()) {
                direct.get().close();
            }
            return direct.isPresent();
        }
    }

    @Test
    void filesAreTheSameByteForByte() throws IOException {
        ActivationShape odd = new ActivationShape(37, 31, new GridSize(35, 33));
        ActivationShape cells = new ActivationShape(19, 35001, new GridSize(1, 1));
        ActivationShape one = new ActivationShape(1, 65, new GridSize(71, 73));
        ActivationShape large = new ActivationShape(5, 64, new GridSize(224, 224));
        ActivationShape small = new ActivationShape(37, 3, new GridSize(3, 5));
        for (ActivationShape shape : List.of(odd, cells, one, large, small)) {
            for (Precision precision : shape.equals(odd) ? Precision.values() : new Precision[] {Precision.FLOAT32}) {
                try (ActivationCache cache = ActivationCache.open(root, identity(shape + " " + precision));
                        LayerWriter through = cache.writer("through", shape, precision);
                        LayerWriter past = past(cache, shape, precision, 16, 5)) {
                    fill(through, precision, 8, 8, shape.images());
                    try (CachedLayer a = through.finish();
                            CachedLayer b = past.finish()) {
                        assertEquals(-1, Files.mismatch(a.path(), b.path()), shape + " " + precision);
                        assertReadsAlike(a, b);
                        assertEquals(
                                knowsDirect() && !shape.equals(small),
                                isDirect(b.path(), shape, precision),
                                "written directly: " + shape);
                    }
                }
            }
        }
    }

    /** Writes a complete layer with a direct writer, which is closed. */
    private static LayerWriter past(
            ActivationCache cache, ActivationShape shape, Precision precision, int spanImages, int batch)
            throws IOException {
        try (DirectWriter direct = new DirectWriter()) {
            LayerWriter writer = cache.writer("past", shape, precision, Optional.of(direct));
            fill(writer, precision, spanImages, batch, shape.images());
            return writer;
        }
    }

    private static void assertReadsAlike(CachedLayer through, CachedLayer past) throws IOException {
        past.readDirectly();
        ByteBuffer left = through.newBuffer();
        ByteBuffer right = past.newBuffer();
        for (int chunk = through.chunks() - 1; chunk >= 0; chunk--) {
            ActivationBlock a = through.read(chunk, left);
            ActivationBlock b = past.read(chunk, right);
            assertEquals(a.firstImage(), b.firstImage());
            assertEquals(a.bytes(0, a.images()), b.bytes(0, b.images()));
        }
    }

    @Test
    void anInterruptedWriterGoesOn() throws IOException {
        ActivationShape shape = new ActivationShape(37, 31, new GridSize(35, 33));
        CacheIdentity identity = identity("m");
        try (ActivationCache cache = ActivationCache.open(root, identity);
                DirectWriter direct = new DirectWriter();
                LayerWriter writer = cache.writer("conv", shape, Precision.FLOAT32, Optional.of(direct))) {
            fill(writer, Precision.FLOAT32, 8, 3, 24);
            write(writer.span(24, 8), shape, Precision.FLOAT32, 24, 32, 3).await();
        }
        try (ActivationCache cache = ActivationCache.open(root, identity);
                DirectWriter direct = new DirectWriter();
                LayerWriter writer = cache.writer("conv", shape, Precision.FLOAT32, Optional.of(direct))) {
            assertEquals(24, writer.imagesDone(), "what was not appended is not done");
            assertEquals(16, writer.rewind(16));
            int[] replayed = {0};
            writer.replay(block -> replayed[0] += block.images());
            assertEquals(16, replayed[0]);
            fill(writer, Precision.FLOAT32, 16, 7, shape.images());
            try (CachedLayer layer = writer.finish()) {
                byte[] bytes = Files.readAllBytes(layer.path());
                byte[] expected = expected(shape, Precision.FLOAT32);
                System.arraycopy(bytes, 0, expected, 0, DATA_OFFSET);
                assertArrayEquals(expected, bytes);
            }
        }
    }

    @Test
    void whatIsRefusedGoesThroughThePageCache() throws IOException {
        ActivationShape shape = new ActivationShape(16, 31, new GridSize(35, 33));
        Path array = root.resolve("array");
        FileChannel refusing = channel(array);
        refusing.close();
        try (FileChannel channel = channel(array);
                DirectWriter writer = new DirectWriter()) {
            LayerFile file = file(array, channel, shape, Precision.FLOAT32);
            SpanOutput output =
                    DirectFiles.file(writer, channel, refusing, 4096).output(DATA_OFFSET);
            write(new SpanWriter(file.manifest(), output, 0, 16), shape, Precision.FLOAT32, 0, 16, 5)
                    .await();
            assertArrayEquals(expected(shape, Precision.FLOAT32), Files.readAllBytes(file.path()));
            DirectInput input = DirectFiles.input(channel, refusing, 4096);
            ByteBuffer chunk = input.read(
                    file.position(8),
                    file.chunkBytes(1),
                    ByteBuffer.allocateDirect(input.bufferBytes(file.chunkBytes())));
            assertEquals(block(shape, Precision.FLOAT32, 8, 16).bytes(0, 8), chunk);
        }
    }

    /** Three threads write more than all buffers hold, to a disk that fails. */
    @Test
    void aFullDiskFailsAsItDoesThroughThePageCache() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "skipped: no device that is always full");
        ActivationShape shape = new ActivationShape(48, 64, new GridSize(64, 64));
        try (FileChannel channel = FileChannel.open(full, StandardOpenOption.WRITE);
                DirectWriter writer = new DirectWriter()) {
            LayerFile file = file(full, channel, shape, Precision.FLOAT32);
            DirectFile direct = DirectFiles.file(writer, channel, channel, 4096);
            String buffered = Failures.message(
                    IOException.class,
                    () -> new SpanWriter(file.manifest(), file.output(0), 0, 16)
                            .write(block(shape, Precision.FLOAT32, 0, 16)));
            assertTrue(buffered.contains("No space left on device"), buffered);
            assertTimeoutPreemptively(SOON, () -> {
                for (int batch : new int[] {1, 16}) {
                    String failure = Failures.message(
                            IOException.class,
                            () -> Workers.run(3, 3, () -> index -> {
                                int from = 16 * index;
                                SpanWriter span = new SpanWriter(
                                        file.manifest(), direct.output(file.position(from)), from, from + 16);
                                write(span, shape, Precision.FLOAT32, from, from + 16, batch)
                                        .await();
                            }));
                    assertEquals(buffered, failure);
                }
            });
            assertTimeoutPreemptively(SOON, writer::close, "threads end");
        }
    }

    @Test
    void damageIsFoundAsItIsThroughThePageCache() throws IOException {
        ActivationShape shape = new ActivationShape(20, 31, new GridSize(35, 33));
        try (ActivationCache cache = ActivationCache.open(root, identity("m"));
                LayerWriter writer = past(cache, shape, Precision.FLOAT32, 8, 8);
                CachedLayer layer = writer.finish();
                CachedLayer direct = cache.find("past").orElseThrow()) {
            direct.readDirectly();
            byte[] bytes = Files.readAllBytes(layer.path());
            bytes[bytes.length / 2] ^= 1;
            Files.write(layer.path(), bytes);
            direct.read(0, direct.newBuffer());
            assertFailsAlike(layer, direct, 1, "checksum");
            Files.write(layer.path(), Arrays.copyOf(bytes, bytes.length - 1));
            assertFailsAlike(layer, direct, 2, "ends early");
            Files.write(layer.path(), Arrays.copyOf(bytes, DATA_OFFSET));
            assertFailsAlike(layer, direct, 2, "ends early");
        }
    }

    private static void assertFailsAlike(CachedLayer layer, CachedLayer direct, int chunk, String why) {
        String expected = Failures.message(DamagedCacheException.class, () -> layer.read(chunk, layer.newBuffer()));
        assertTrue(expected.contains(why), expected);
        assertEquals(
                expected, Failures.message(DamagedCacheException.class, () -> direct.read(chunk, direct.newBuffer())));
    }
}
