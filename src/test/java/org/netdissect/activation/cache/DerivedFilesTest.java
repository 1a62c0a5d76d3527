package org.netdissect.activation.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.Precision;
import org.netdissect.base.ProgressListener;

class DerivedFilesTest {
    private static final Instant MAY = Instant.parse("2026-05-01T10:00:00Z");

    @TempDir
    Path root;

    private static String key(int number) {
        return String.format("%032x", number);
    }

    private Path layer(String... layers) throws IOException {
        return StoredCache.write(root, "m", MAY, layers).resolve(layers[0]);
    }

    private static ByteBuffer bytes(int... bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
        for (int each : bytes) {
            buffer.put((byte) each);
        }
        return buffer.flip();
    }

    private List<String> faults() throws IOException {
        StoredLayer layer = CacheInventory.of(root).keys().get(0).layers().get(0);
        return LayerVerification.run(layer, 1, ProgressListener.NONE);
    }

    @Test
    void ofMoreThanThirtyTwoTheOldestGo() throws IOException, DataFormatException {
        Path folder = layer("conv");
        DerivedFiles files = new DerivedFiles(folder);
        for (int i = 0; i < DerivedFiles.MOST; i++) {
            files.write(key(i), bytes(i));
            Files.setLastModifiedTime(files.file(key(i)), FileTime.from(MAY.plusSeconds((i + 5) % 32)));
        }
        Path other = Files.writeString(folder.resolve("alignment-mine.bin"), "");
        files.write(key(100), bytes(1, 2));
        assertTrue(files.read(key(27)).isEmpty(), "27 was the oldest");
        assertEquals(bytes(1, 2), files.read(key(100)).orElseThrow());
        assertEquals(bytes(28), files.read(key(28)).orElseThrow());
        assertEquals(DerivedFiles.MOST, DerivedFiles.in(folder).size());
        assertTrue(Files.exists(other), "it is not ours");
    }

    @Test
    void verificationFindsAChangedByteAndInventoryCountsThem() throws IOException {
        Path folder = layer("conv");
        long before = CacheInventory.of(root).bytes();
        DerivedFiles files = new DerivedFiles(folder);
        files.write(key(1), bytes(1, 2, 3));
        files.write(key(2), bytes());
        assertEquals(before + 3 + 4 + 4, CacheInventory.of(root).bytes());
        assertEquals(List.of(), faults());
        StoredCache.flip(files.file(key(1)), 1);
        assertEquals(List.of(files.file(key(1)) + ": its checksum does not fit"), faults());
    }

    @Test
    void aHugeFileIsRefusedUnread() throws IOException {
        DerivedFiles files = new DerivedFiles(layer("conv"));
        try (RandomAccessFile sparse = new RandomAccessFile(files.file(key(1)).toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }
        assertThrows(DataFormatException.class, () -> files.read(key(1)));
        assertEquals(List.of(files.file(key(1)) + ": it has 1099511627776 bytes"), faults());
    }

    @Test
    void whatIsTooLargeIsNotKept() throws IOException, DataFormatException {
        DerivedFiles files = new DerivedFiles(layer("conv"));
        files.write(key(1), ByteBuffer.allocate(64 << 20));
        assertTrue(files.read(key(1)).isEmpty());
    }

    @Test
    void theyGoWithTheActivations() throws IOException {
        Path folder = layer("conv", "fc");
        Path dropped = keptIn(folder);
        Path stays = keptIn(folder.resolveSibling("fc"));
        try (ActivationCache cache = ActivationCache.open(root, StoredCache.identity("m"))) {
            cache.drop("conv");
            assertFalse(Files.exists(dropped));
            keptIn(folder);
            cache.writer("conv", StoredCache.SHAPE, Precision.FLOAT32).close();
            assertFalse(Files.exists(dropped));
        }
        assertTrue(Files.exists(stays));
        Files.writeString(
                folder.resolveSibling("fc").resolve("." + stays.getFileName() + "-" + "0".repeat(36) + ".tmp"), "");
        StoredKey key = CacheInventory.of(root).keys().get(0);
        assertEquals(List.of(), key.foreign());
        CacheRemoval.remove(key, key.layers());
        assertFalse(Files.exists(key.folder()));
    }

    private static Path keptIn(Path folder) throws IOException {
        DerivedFiles files = new DerivedFiles(folder);
        files.write(key(7), bytes(7));
        return files.file(key(7));
    }

    /** Draws are stored beside alignments; neither deletes the other, and both are deleted with the activations. */
    @Test
    void drawsAreFilesOfTheLayerToo() throws IOException, DataFormatException {
        Path folder = layer("draws");
        DerivedFiles alignments = new DerivedFiles(folder);
        DerivedFiles draws = new DerivedFiles(folder, DerivedFiles.Kind.BASELINE);
        String key = "0123456789abcdef0123456789abcdef";
        alignments.write(key, ByteBuffer.wrap(new byte[] {1}));
        for (int i = 0; i < DerivedFiles.MOST_DRAWS + 3; i++) {
            draws.write(key.substring(2) + (10 + i), ByteBuffer.wrap(new byte[] {(byte) i, 7}));
        }
        assertEquals(1, alignments.read(key).orElseThrow().get());
        assertTrue(draws.read(key).isEmpty(), "another kind");
        assertEquals(DerivedFiles.MOST_DRAWS + 1, DerivedFiles.in(folder).size());
        Path last = draws.file(key.substring(2) + (10 + DerivedFiles.MOST_DRAWS + 2));
        assertEquals("", DerivedFiles.fault(last));
        assertTrue(CacheFiles.isOfLayer(last), "listed, pruned and verified");
        DerivedFiles.delete(folder);
        assertTrue(DerivedFiles.in(folder).isEmpty());
    }
}
