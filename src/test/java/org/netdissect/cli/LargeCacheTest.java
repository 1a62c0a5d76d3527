package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cache too large for the page cache: arrays are written and read by direct I/O, and masks are made from candidates
 * in memory. A property forces this for the sample; dissect.CacheStagesTest has sweeps, tails and little memory.
 */
class LargeCacheTest {
    private static final String RULE = "netdissect.direct";

    @TempDir
    static Path folder;

    private static void run(String rule, String cache, String out) {
        System.setProperty(RULE, rule);
        Cli run = Cli.run("dissect", "--cache", folder.resolve(cache), "--out", folder.resolve(out), "--limit", 240);
        assertEquals(0, run.code(), run.toString());
    }

    @BeforeAll
    static void usual() {
        run("never", "small", "usual");
    }

    @AfterAll
    static void clear() {
        System.clearProperty(RULE);
    }

    /** Compares all files of two runs except run.json, which has times. */
    private static void expectSame(String expected, String actual) throws IOException {
        Path root = folder.resolve(expected);
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(Files::isRegularFile)
                    .map(root::relativize)
                    .filter(file -> !file.endsWith("run.json"))
                    .toList();
        }
        assertTrue(files.size() > 10, files.toString());
        for (Path file : files) {
            assertArrayEquals(
                    Files.readAllBytes(root.resolve(file)),
                    Files.readAllBytes(folder.resolve(actual).resolve(file)),
                    file.toString());
        }
    }

    private static List<Path> arrays(String cache) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve(cache))) {
            return all.filter(file -> file.endsWith("activations.npy")).sorted().toList();
        }
    }

    @Test
    void tablesReportAndArraysAreTheSame() throws IOException {
        run("always", "large", "first");
        expectSame("usual", "first");
        List<Path> small = arrays("small");
        List<Path> large = arrays("large");
        assertEquals(small.size(), large.size());
        for (int i = 0; i < small.size(); i++) {
            assertEquals(
                    -1, Files.mismatch(small.get(i), large.get(i)), large.get(i).toString());
        }
        run("always", "large", "again");
        expectSame("usual", "again");
        KeptAlignments.forget(folder.resolve("large"));
        run("always", "large", "read");
        expectSame("usual", "read");
    }
}
