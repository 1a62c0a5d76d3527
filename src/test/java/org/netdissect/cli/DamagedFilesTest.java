package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache or a probe set with damaged files. */
class DamagedFilesTest {
    private static final Path SAMPLE = Path.of("broden-sample");

    @TempDir
    Path folder;

    private Cli dissect(Path probe, String out, Object... more) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--model", SAMPLE.resolve("scenenet.pt"), "--probe"));
        args.add(probe);
        args.addAll(List.of("--layer", "layer5", "--cache", folder.resolve("cache")));
        if (!List.of(more).contains("--limit")) {
            args.addAll(List.of("--limit", 45));
        }
        args.addAll(List.of("--out", folder.resolve(out)));
        args.addAll(List.of(more));
        return Cli.run(args.toArray());
    }

    private byte[] table(String out) throws IOException {
        return Files.readAllBytes(folder.resolve(out).resolve("layer5/detectors.csv"));
    }

    private Path array() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("cache"))) {
            return files.filter(file -> file.endsWith("layer5/activations.npy"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aFlippedByteInTheCacheIsComputedAgain() throws IOException {
        assertEquals(0, dissect(SAMPLE, "first").code());
        byte[] sound = Files.readAllBytes(array());
        Random random = new Random(7);
        for (int trial = 0; trial < 3; trial++) {
            byte[] bytes = sound.clone();
            int position = 128 + random.nextInt(bytes.length - 128);
            bytes[position] ^= (byte) (1 << random.nextInt(8));
            Files.write(array(), bytes);
            KeptAlignments.forget(folder.resolve("cache"));
            Cli again = dissect(SAMPLE, "again" + trial);
            assertEquals(0, again.code(), again.toString());
            assertEquals(
                    1,
                    again.err()
                            .lines()
                            .filter(line -> line.contains("1 of 6 chunks do not fit their checksums"))
                            .count(),
                    again.err());
            assertArrayEquals(sound, Files.readAllBytes(array()));
            assertArrayEquals(table("first"), table("again" + trial));
        }
        KeptAlignments.forget(folder.resolve("cache"));
        assertFalse(dissect(SAMPLE, "last").err().contains("checksums"), "it is whole now");
    }

    /** The pass for other thresholds reads the damaged chunk before alignment does. */
    @Test
    void aCutOffArrayIsComputedAgain() throws IOException {
        assertEquals(0, dissect(SAMPLE, "first", "--top-fraction", "0.01").code());
        byte[] sound = Files.readAllBytes(array());
        Files.write(array(), Arrays.copyOf(sound, sound.length / 2));
        Cli again = dissect(SAMPLE, "again");
        assertEquals(0, again.code(), again.toString());
        assertTrue(again.err().contains("4 of 6 chunks"), again.err());
        assertArrayEquals(sound, Files.readAllBytes(array()));
    }

    private Path copyOfTheSample() throws IOException {
        Path copy = folder.resolve("probe");
        try (Stream<Path> files = Files.walk(SAMPLE)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(SAMPLE.relativize(file).toString()));
            }
        }
        return copy;
    }

    private static void cutOff(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }

    @Test
    void unreadableImagesStopTheRunOrAreSkippedAndListed() throws IOException {
        Path probe = copyOfTheSample();
        List<String> rows = new ArrayList<>(Files.readAllLines(probe.resolve("index.csv")));
        List<String> header = List.of(rows.get(0).split(","));
        String image = rows.get(12).split(",")[header.indexOf("image")];
        cutOff(probe.resolve("images").resolve(image));
        String plane = Arrays.stream(rows.get(30).split("[,;]"))
                .filter(cell -> cell.endsWith(".png"))
                .findFirst()
                .orElseThrow();
        cutOff(probe.resolve("images").resolve(plane));

        Cli stopped = dissect(probe, "stopped");
        assertEquals(2, stopped.code(), stopped.toString());
        assertTrue(stopped.errorLine().contains(image), stopped.toString());
        assertTrue(stopped.errorLine().contains("--skip-unreadable"), stopped.toString());

        Cli skipping = dissect(probe, "skipping", "--skip-unreadable");
        assertEquals(0, skipping.code(), skipping.toString());
        assertTrue(skipping.err().contains("skipping 2 of 45 images"), skipping.err());
        JsonNode skipped = new ObjectMapper()
                .readTree(folder.resolve("skipping/run.json").toFile())
                .path("skipped");
        assertEquals(2, skipped.size(), skipped.toString());
        assertEquals(image, skipped.path(0).path("image").asText());
        assertEquals(13, skipped.path(0).path("row").asInt());
        assertTrue(skipped.path(1).path("reason").asText().contains(plane), skipped.toString());

        rows.remove(30);
        rows.remove(12);
        Files.write(probe.resolve("index.csv"), rows);
        assertEquals(0, dissect(probe, "without", "--limit", "43").code());
        assertArrayEquals(table("without"), table("skipping"));
    }
}
