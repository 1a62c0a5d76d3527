package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on the cache of two real runs, over 20 and over 4 images. */
class CacheCommandTest {
    @TempDir
    static Path runs;

    @TempDir
    Path folder;

    private Path cache;

    @BeforeAll
    static void runTwice() {
        dissect(20, runs.resolve("cache"), runs);
        dissect(4, runs.resolve("cache"), runs);
    }

    /** Copies the cache for each test. */
    @BeforeEach
    void copy() throws IOException {
        cache = folder.resolve("cache");
        try (Stream<Path> files = Files.walk(runs.resolve("cache"))) {
            for (Path file : files.toList()) {
                Files.copy(file, cache.resolve(runs.resolve("cache").relativize(file)));
            }
        }
    }

    private static void dissect(int images, Path cache, Path folder) {
        Cli run = Cli.run(
                "dissect",
                "--limit",
                images,
                "--layer",
                "layer5",
                "--cache",
                cache,
                "--baseline",
                "none",
                "--out",
                folder.resolve("o" + images));
        assertEquals(0, run.code(), run.toString());
    }

    private Cli cache(Object... args) {
        return Cli.run(Stream.concat(Stream.of("cache"), Stream.concat(Stream.of(args), Stream.of("--cache", cache)))
                .toArray());
    }

    private JsonNode keys() throws IOException {
        Cli list = cache("list", "--json");
        assertEquals(0, list.code(), list.toString());
        return new ObjectMapper().readTree(list.out()).path("keys");
    }

    private String keyOf(int images) throws IOException {
        for (JsonNode key : keys()) {
            if (key.path("layers").path(0).path("images").asInt() == images) {
                return key.path("key").asText();
            }
        }
        throw new AssertionError("no key of " + images + " images");
    }

    private void setLastUsed(int images, Duration ago) throws IOException {
        Path use = cache.resolve(keyOf(images)).resolve(".used.json");
        Files.writeString(
                use,
                Files.readString(use)
                        .replaceFirst(
                                "\"lastUsed\" : \"[^\"]+\"",
                                "\"lastUsed\" : \"" + Instant.now().minus(ago) + "\""));
    }

    @Test
    void listTellsWhoseTheyAre() throws IOException {
        String key = keyOf(20).substring(0, 8);
        setLastUsed(20, Duration.ofHours(30));
        Cli list = cache("list");
        assertEquals(0, list.code(), list.toString());
        assertTrue(
                list.out()
                        .lines()
                        .anyMatch(
                                line -> line.matches(
                                        key
                                                + "  scenenet.pt  broden-sample  \\S+ \\S+  layer5  complete +20 +160 +14x14 +float32 +2.6 MB")),
                list.out());
        assertTrue(list.out().contains("2 layers under 2 keys, 3.1 MB in " + cache), list.out());
        JsonNode first = keys().path(0);
        assertEquals(keyOf(4), first.path("key").asText(), "most recently used first");
        assertTrue(first.path("model").asText().endsWith("broden-sample/scenenet.pt"), first.toString());
        assertEquals("complete", first.path("layers").path(0).path("state").asText());
    }

    @Test
    void verifyFindsAFlippedByte() throws IOException {
        Cli sound = cache("verify");
        assertEquals(0, sound.code(), sound.toString());
        Path array = cache.resolve(keyOf(20)).resolve("layer5/activations.npy");
        byte[] bytes = Files.readAllBytes(array);
        bytes[bytes.length - 1] ^= 1;
        Files.write(array, bytes);
        Cli damaged = cache("verify");
        assertEquals(2, damaged.code(), damaged.toString());
        assertTrue(damaged.out().contains(array + ": images 17 to 20: the checksum does not fit"), damaged.out());
        assertTrue(damaged.errorLine().contains("1 of 2 layers damaged"), damaged.toString());
        assertEquals(0, cache("verify", keyOf(4)).code(), "the other key is whole");
        assertEquals(2, cache("verify", "--layer", "layer5").code());
    }

    @Test
    void pruneByAge() throws IOException {
        setLastUsed(20, Duration.ofHours(49));
        setLastUsed(4, Duration.ofHours(47));
        String old = keyOf(20);
        Cli dry = cache("prune", "--older-than", "2d", "--dry-run");
        assertTrue(dry.out().contains("would be deleted"), dry.toString());
        assertTrue(dry.out().contains("Would free 2.6 MB; 51"), dry.toString());
        assertEquals(2, keys().size());
        Cli prune = cache("prune", "--older-than", "2d");
        assertEquals(0, prune.code(), prune.toString());
        assertTrue(prune.out().contains("Freed 2.6 MB"), prune.toString());
        assertFalse(Files.exists(cache.resolve(old)));
        assertEquals(1, keys().size());
    }

    @Test
    void pruneBySizeTakesTheLeastRecentlyUsed() throws IOException {
        setLastUsed(4, Duration.ofDays(1));
        String recent = keyOf(20);
        cache("prune", "--max-size", "10MB");
        assertEquals(2, keys().size(), "it is smaller than that");
        cache("prune", "--max-size", "2.9MB");
        assertEquals(1, keys().size());
        assertEquals(recent, keys().path(0).path("key").asText());
        cache("prune", "--max-size", "0B");
        assertTrue(cache("list").out().startsWith("The cache is empty"), "nothing is left");
    }

    @Test
    void severalCriteriaNarrowEachOtherDown() throws IOException {
        setLastUsed(20, Duration.ofDays(9));
        Cli none = cache("prune", "--key", keyOf(4), "--older-than", "1w");
        assertTrue(none.out().startsWith("Freed 0 B"), none.toString());
        Cli one = cache("prune", "--key", keyOf(4).substring(0, 10));
        assertEquals(0, one.code(), one.toString());
        assertEquals(keyOf(20), keys().path(0).path("key").asText());
    }

    @Test
    void pruneUnfinishedKeepsWhatIsComplete() throws IOException {
        Path rest = cache.resolve(keyOf(4)).resolve("layer5");
        Files.move(rest.resolve("manifest.json"), rest.resolve("partial.json"));
        Files.move(rest.resolve("activations.npy"), rest.resolve("activations.npy.partial"));
        assertTrue(cache("list").out().contains("unfinished, 0 of 4"), "a rest without progress");
        assertEquals(0, cache("prune", "--unfinished").code());
        assertFalse(Files.exists(rest));
        assertEquals(keyOf(20), keys().path(0).path("key").asText());
        dissect(4, cache, folder);
        assertEquals(2, keys().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prune",
                "prune --dry-run",
                "prune --older-than 30",
                "prune --older-than 3m",
                "prune --older-than -3d",
                "prune --max-size 100G",
                "prune --max-size 100",
                "prune --key=",
                "prune --key xyz",
                "prune everything",
                "verify xyz",
                "verify --layer layr5",
                "lst",
            })
    void wrongInputDeletesNothing(String args) throws IOException {
        Cli run = cache((Object[]) args.split(" "));
        assertEquals(2, run.code(), run.toString());
        assertEquals(1, run.errorLine().lines().count(), run.toString());
        assertEquals("", run.out());
        assertEquals(2, keys().size());
    }

    @Test
    void noCacheAtAll() throws IOException {
        cache = folder.resolve("nowhere");
        for (String command : new String[] {"list", "verify"}) {
            Cli run = cache(command);
            assertEquals(0, run.code(), run.toString());
            assertTrue(run.out().contains(cache.toString()), run.toString());
        }
        assertEquals(0, cache("prune", "--unfinished").code());
        assertFalse(Files.exists(cache), "looking makes no folder");
        cache = Files.writeString(folder.resolve("file"), "");
        assertEquals(2, cache("list").code());
        assertEquals(2, Cli.run("cache").code());
    }
}
