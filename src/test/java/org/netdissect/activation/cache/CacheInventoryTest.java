package org.netdissect.activation.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.Precision;
import org.netdissect.base.Failures;
import org.netdissect.base.InputException;
import org.netdissect.base.ProgressListener;

class CacheInventoryTest {
    private static final Instant MAY = Instant.parse("2026-05-01T10:00:00Z");
    private static final Instant JUNE = Instant.parse("2026-06-01T10:00:00Z");

    @TempDir
    Path root;

    private StoredLayer layer(String name) throws IOException {
        return CacheInventory.of(root).keys().stream()
                .flatMap(key -> key.layers().stream())
                .filter(layer -> layer.layer().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> faults(String name) throws IOException {
        return LayerVerification.run(layer(name), 2, ProgressListener.NONE);
    }

    @Test
    void tellsWhatIsThereMostRecentlyUsedFirst() throws IOException {
        StoredCache.write(root, "old", MAY, "conv5", "conv4");
        Path recent = StoredCache.write(root, "new", JUNE, "fc");
        StoredCache.writeRest(root, "new", "conv1", 35);
        CacheInventory inventory = CacheInventory.of(root);
        assertEquals(List.of(), inventory.foreign());
        StoredKey first = inventory.keys().get(0);
        assertEquals(recent, first.folder());
        assertEquals(
                new CacheUse("/models/new.pt", "/data/probe", JUNE), first.use().orElseThrow());
        StoredLayer rest = first.layers().get(0);
        assertEquals("conv1", rest.layer());
        assertEquals(StoredLayer.State.UNFINISHED, rest.state());
        assertEquals(32, rest.imagesDone());
        StoredLayer complete = first.layers().get(1);
        assertEquals(StoredLayer.State.COMPLETE, complete.state());
        assertEquals(
                new StoredLayer.Content(StoredCache.SHAPE, Precision.FLOAT32),
                complete.content().orElseThrow());
        StoredKey second = inventory.keys().get(1);
        assertEquals(
                List.of("conv4", "conv5"),
                second.layers().stream().map(StoredLayer::layer).toList());
        assertEquals(bytesOnDisk(), inventory.bytes());
    }

    private long bytesOnDisk() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void theNoteOfUseMayBeMissingOrBroken() throws IOException {
        Path missing = StoredCache.write(root, "a", MAY, "conv");
        Files.delete(missing.resolve(CacheUse.FILE));
        Path broken = StoredCache.write(root, "b", MAY, "conv");
        for (String text : List.of("", "{", "[]", "{\"lastUsed\": \"yesterday\"}")) {
            Files.writeString(broken.resolve(CacheUse.FILE), text);
            List<StoredKey> keys = CacheInventory.of(root).keys();
            assertEquals(2, keys.size());
            for (StoredKey key : keys) {
                assertTrue(key.use().isEmpty());
                assertTrue(key.lastUsed().isAfter(JUNE), "the files' own time: " + key.lastUsed());
            }
        }
    }

    @Test
    void aRunGoesOnWhereItsUseCannotBeNoted() throws IOException {
        try (ActivationCache cache = ActivationCache.open(root, StoredCache.identity("a"))) {
            Files.createDirectories(cache.folder().resolve(CacheUse.FILE).resolve("in the way"));
            cache.recordUse(Path.of("a.pt"), Path.of("probe"));
            assertTrue(cache.find("conv").isEmpty());
        }
    }

    @Test
    void oneBadFolderHidesNothing() throws IOException {
        StoredCache.write(root, "sound", JUNE, "good");
        Path bad = StoredCache.write(root, "bad", MAY, "torn", "moved", "empty");
        Files.writeString(bad.resolve("torn/manifest.json"), "{\"formatVersion\": 2");
        Files.delete(bad.resolve("empty/activations.npy"));
        Files.move(bad.resolve("moved"), bad.resolve("elsewhere"));
        Files.writeString(root.resolve("README"), "");
        Files.createDirectories(root.resolve("0123456789abcdef0123456789abcdef/theirs"));
        Files.writeString(root.resolve("0123456789abcdef0123456789abcdef/theirs/manifest.json"), "{}");
        CacheInventory inventory = CacheInventory.of(root);
        assertEquals(2, inventory.keys().size());
        assertEquals(
                List.of("0123456789abcdef0123456789abcdef", "README"),
                inventory.foreign().stream()
                        .map(entry -> entry.path().getFileName().toString())
                        .toList());
        List<StoredLayer> layers = inventory.keys().get(1).layers();
        assertEquals(3, layers.size());
        for (StoredLayer layer : layers) {
            assertEquals(StoredLayer.State.DAMAGED, layer.state(), layer.toString());
            assertEquals(List.of(layer.problem()), LayerVerification.run(layer, 2, ProgressListener.NONE));
        }
    }

    @Test
    void manifestsThatCannotBeAreNotBelieved() throws IOException {
        Path manifest = StoredCache.write(root, "m", MAY, "conv").resolve("conv/manifest.json");
        String text = Files.readString(manifest);
        for (String[] change : new String[][] {
            {"\"chunkImages\" : 8", "\"chunkImages\" : 0"},
            {"\"images\" : 37", "\"images\" : -1"},
            {"\"units\" : 4", "\"units\" : 2147483647"},
            {"float32", "float8"},
            {"\"formatVersion\" : 2", "\"formatVersion\" : 9"},
            {"\"layer\" : \"conv\"", "\"layer\" : null"},
        }) {
            assertTrue(text.contains(change[0]), text);
            Files.writeString(manifest, text.replace(change[0], change[1]));
            StoredLayer layer = CacheInventory.of(root).keys().get(0).layers().get(0);
            assertEquals(StoredLayer.State.DAMAGED, layer.state(), change[1]);
        }
    }

    @Test
    void verificationNamesTheImages() throws IOException {
        Path folder = StoredCache.write(root, "m", MAY, "conv").resolve("conv");
        assertEquals(List.of(), faults("conv"));
        Path array = folder.resolve("activations.npy");
        byte[] sound = Files.readAllBytes(array);
        StoredCache.flip(array, 128 + 36 * StoredCache.BYTES_PER_IMAGE + 7);
        assertEquals(List.of(array + ": images 33 to 37: the checksum does not fit"), faults("conv"));
        StoredCache.flip(array, 128 + 24 * StoredCache.BYTES_PER_IMAGE);
        assertEquals(List.of(array + ": images 25 to 37: the checksum does not fit"), faults("conv"));
        Files.write(array, java.util.Arrays.copyOf(sound, sound.length - 1));
        assertEquals(List.of(array + ": images 33 to 37: the file ends early"), faults("conv"));
        Files.write(array, java.util.Arrays.copyOf(sound, sound.length + 3));
        assertEquals(List.of(array + ": 3 bytes too long"), faults("conv"));
        Files.write(array, sound);
        StoredCache.flip(array, 2);
        assertEquals(List.of(array + ": not a NumPy array file (.npy)"), faults("conv"));
        String header = new String(sound, java.nio.charset.StandardCharsets.ISO_8859_1);
        Files.write(
                array,
                header.replace("(37, 4, 3, 5)", "(37, 4, 5, 3)")
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        assertTrue(faults("conv").get(0).contains("[37, 4, 5, 3], the manifest <f4 [37, 4, 3, 5]"));
        Files.write(array, sound);
        Path thresholds = folder.resolve("thresholds-0.005.npy");
        StoredCache.flip(thresholds, 130);
        assertEquals(List.of(thresholds + ": its checksum does not fit"), faults("conv"));
        Files.delete(thresholds);
        assertEquals(List.of(thresholds + ": is missing"), faults("conv"));
    }

    @Test
    void ofARestTheFinishedChunksAreVerified() throws IOException {
        Path folder = StoredCache.writeRest(root, "m", "conv", 35);
        Path array = folder.resolve("activations.npy.partial");
        assertEquals(List.of(), faults("conv"));
        StoredCache.flip(array, 128 + 33 * StoredCache.BYTES_PER_IMAGE);
        assertEquals(List.of(), faults("conv"), "images 33 to 35 are computed again");
        StoredCache.flip(array, 128);
        assertEquals(List.of(array + ": images 1 to 8: the checksum does not fit"), faults("conv"));
    }

    @Test
    void keysAreFoundByTheirFirstDigits() throws IOException {
        StoredCache.write(root, "a", MAY, "conv");
        StoredCache.write(root, "b", MAY, "conv");
        CacheInventory inventory = CacheInventory.of(root);
        StoredKey key = inventory.keys().get(0);
        assertEquals(8, inventory.shortName(key).length());
        assertEquals(key, inventory.find(inventory.shortName(key)));
        for (String none : List.of("", "x", key.key() + "0")) {
            assertTrue(Failures.message(InputException.class, () -> inventory.find(none))
                    .contains("cache list"));
        }
    }
}
