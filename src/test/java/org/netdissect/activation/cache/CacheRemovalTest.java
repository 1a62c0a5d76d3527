package org.netdissect.activation.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.Precision;

class CacheRemovalTest {
    private static final Instant MAY = Instant.parse("2026-05-01T10:00:00Z");

    @TempDir
    Path folder;

    private Path root() {
        return folder.resolve("cache");
    }

    private StoredKey only() throws IOException {
        List<StoredKey> keys = CacheInventory.of(root()).keys();
        assertEquals(1, keys.size());
        return keys.get(0);
    }

    @Test
    void nothingOfAKeyStays() throws IOException {
        Path key = StoredCache.write(root(), "m", MAY, "conv4", "conv5");
        Files.writeString(key.resolve("tapped.pt"), "left by a killed run");
        StoredKey stored = only();
        CacheRemoval.Outcome outcome = CacheRemoval.remove(stored, stored.layers());
        assertEquals("", outcome.obstacle());
        assertTrue(outcome.freed() > 2 * 37 * StoredCache.BYTES_PER_IMAGE, outcome.toString());
        assertEquals(List.of(), CacheFiles.in(root()));
        StoredCache.write(root(), "m", MAY, "conv4");
    }

    @Test
    void oneLayerOfAKey() throws IOException {
        Path key = StoredCache.write(root(), "m", MAY, "conv4", "conv5");
        StoredKey stored = only();
        CacheRemoval.remove(stored, stored.layers().subList(0, 1));
        assertFalse(Files.exists(key.resolve("conv4")));
        assertEquals(stored.layers().subList(1, 2), only().layers());
    }

    @Test
    void whatIsInUseStays() throws IOException {
        StoredCache.write(root(), "m", MAY, "conv");
        StoredKey stored = only();
        try (ActivationCache cache = ActivationCache.open(root(), StoredCache.identity("m"))) {
            CacheRemoval.Outcome outcome = CacheRemoval.remove(stored, stored.layers());
            assertEquals("in use by process " + ProcessHandle.current().pid(), outcome.obstacle());
            assertTrue(cache.find("conv").isPresent());
        }
    }

    @Test
    void whatWasUsedSinceItWasListedStays() throws IOException {
        StoredCache.write(root(), "m", MAY, "conv");
        StoredKey stored = only();
        try (ActivationCache cache = ActivationCache.open(root(), StoredCache.identity("m"))) {
            cache.recordUse(Path.of("m.pt"), Path.of("probe"));
        }
        CacheRemoval.Outcome outcome = CacheRemoval.remove(stored, stored.layers());
        assertTrue(outcome.obstacle().contains("just now"), outcome.toString());
        assertEquals(stored.layers(), only().layers());
    }

    @Test
    void foreignFilesAndLinkedOnesStay() throws IOException {
        Path key = StoredCache.write(root(), "m", MAY, "conv");
        Path theirs = Files.writeString(key.resolve("conv/notes.txt"), "mine");
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Path precious = Files.writeString(outside.resolve("manifest.json"), "precious");
        Files.createSymbolicLink(key.resolve("linked"), outside);
        Files.createSymbolicLink(key.resolve("conv/progress.log"), precious);
        Files.createSymbolicLink(root().resolve("0123456789abcdef0123456789abcdef"), outside);
        StoredKey stored = only();
        assertEquals(
                List.of(
                        key.resolve("conv/notes.txt") + ": not of a netdissect cache",
                        key.resolve("conv/progress.log") + ": a symbolic link, not followed",
                        key.resolve("linked") + ": a symbolic link, not followed"),
                stored.foreign().stream().map(ForeignEntry::toString).toList());
        assertEquals("", CacheRemoval.remove(stored, stored.layers()).obstacle());
        assertTrue(Files.exists(theirs));
        assertEquals("precious", Files.readString(precious));
        assertFalse(Files.exists(key.resolve("conv/activations.npy")));
    }

    /** A deletion that was killed after its first steps is completed. */
    @Test
    void aHalfDeletedLayerIsNotTakenForComplete() throws IOException {
        Path layer = StoredCache.write(root(), "m", MAY, "conv").resolve("conv");
        Files.move(layer.resolve("manifest.json"), layer.resolve("partial.json"), StandardCopyOption.REPLACE_EXISTING);
        StoredLayer half = only().layers().get(0);
        assertEquals(StoredLayer.State.UNFINISHED, half.state());
        assertEquals(0, half.imagesDone());
        try (ActivationCache cache = ActivationCache.open(root(), StoredCache.identity("m"))) {
            assertTrue(cache.find("conv").isEmpty());
            try (LayerWriter writer = cache.writer("conv", StoredCache.SHAPE, Precision.FLOAT32)) {
                assertEquals(0, writer.imagesDone());
            }
        }
        CacheRemoval.remove(only(), only().layers());
        assertEquals(List.of(), CacheFiles.in(root()));
    }

    @Test
    void whereTheLocksFileWasDeletedANewOneKeepsOthersOut() throws IOException {
        Path key = StoredCache.write(root(), "m", MAY, "conv");
        try (CacheLock lock = CacheLock.take(key)) {
            lock.deleteFile();
            CacheLock next = CacheLock.take(key);
            assertTrue(Files.exists(key.resolve(CacheLock.FILE)));
            assertTrue(CacheLock.tryTake(key).isEmpty(), "the new file keeps others out");
            next.close();
        }
    }
}
