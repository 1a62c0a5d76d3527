package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs of the sample that reuse stored counts of an alignment, compared with runs that align; dissect.KeptResultsTest
 * has more cases without the engine.
 */
class KeptAlignmentTest {
    private static final Path SAMPLE = Path.of("broden-sample");
    /** Layer with values below 0; layer5 ends in a ReLU. */
    private static final String LAYER = "layer5.bn2";

    @TempDir
    static Path folder;

    /** Cache of all tests, so that the network seldom runs. */
    private static Path cache;

    private int runs;

    @BeforeAll
    static void makeCache() throws IOException {
        cache = Files.createDirectory(folder.resolve("cache"));
    }

    @BeforeEach
    void forget() throws IOException {
        KeptAlignments.forget(cache);
    }

    /** Dissects with options separated by blanks; {@code --layer} is {@link #LAYER} unless given. */
    private static Cli dissect(Path probe, Path out, String options) {
        List<Object> args = new ArrayList<>(List.of("dissect", "--limit", 40, "--cache", cache, "--out", out));
        args.addAll(List.of("--model", SAMPLE.resolve("scenenet.pt"), "--probe", probe, "--overwrite"));
        if (!options.contains("--layer")) {
            args.addAll(List.of("--layer", LAYER));
        }
        args.addAll(Arrays.stream(options.split(" "))
                .filter(word -> !word.isEmpty())
                .toList());
        return Cli.run(args.toArray());
    }

    private static Cli succeed(Path probe, Path out, String options) {
        Cli run = dissect(probe, out, options);
        assertEquals(0, run.code(), run.toString());
        return run;
    }

    private Path out(String name) {
        return folder.resolve(name + runs++);
    }

    private static boolean isAligned(Cli run) {
        return run.err().lines().anyMatch(line -> line.startsWith("alignment: "));
    }

    private static long notes(Cli run, String part) {
        return run.err()
                .lines()
                .filter(line -> line.startsWith("note: ") && line.contains(part))
                .count();
    }

    /** Contents of all files except run.json, by name. */
    private static Map<String, String> files(Path out) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("run.json")) {
                    contents.put(out.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return contents;
    }

    private static void assertAsAligned(Map<String, String> found, Path probe, Path out, String options)
            throws IOException {
        KeptAlignments.forget(cache);
        assertTrue(isAligned(succeed(probe, out, options)), "nothing is kept");
        assertEquals(files(out), found);
    }

    @ParameterizedTest
    @CsvSource({
        "'', --iou 0.1",
        "--tail both, --tail lower",
        "'--top-fraction 0.005,0.02 --split val,train', '--top-fraction 0.005,0.02 --split val,train --iou 0.04,0.1'",
    })
    void whatIsKeptGivesTheSameFiles(String first, String then) throws IOException {
        Path out = out("same");
        assertTrue(isAligned(succeed(SAMPLE, out, first)), "nothing was kept");
        Cli kept = succeed(SAMPLE, out, then);
        assertFalse(isAligned(kept), kept.err());
        assertAsAligned(files(out), SAMPLE, out, then);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--top-fraction 0.01", "--categories part,color", "--rotate 0.5"})
    void whatFollowsFromOtherOptionsIsAligned(String options) throws IOException {
        Path out = out("other");
        succeed(SAMPLE, out, "");
        Cli other = succeed(SAMPLE, out, options);
        assertTrue(isAligned(other), other.err());
        assertAsAligned(files(out), SAMPLE, out, options);
    }

    @Test
    void aFlippedByteOfTheArrayIsNotReadAndVerifyFindsIt() throws IOException {
        Path out = out("flipped");
        succeed(SAMPLE, out, "");
        Path kept = KeptAlignments.in(cache).get(0);
        Path array = kept.resolveSibling("activations.npy");
        byte[] sound = Files.readAllBytes(array);
        flip(array, 1000);
        Cli again = succeed(SAMPLE, out, "--iou 0.1");
        assertEquals(0, notes(again, "checksums"), again.err());
        Map<String, String> found = files(out);
        assertEquals(2, Cli.run("cache", "verify", "--cache", cache).code());
        KeptAlignments.forget(cache);
        Cli repaired = succeed(SAMPLE, out, "--iou 0.1");
        assertEquals(1, notes(repaired, "1 of 5 chunks do not fit their checksums"), repaired.err());
        assertEquals(files(out), found);
        assertArrayEquals(sound, Files.readAllBytes(array));
        assertEquals(List.of(kept), KeptAlignments.in(cache), "the same activations as before");
    }

    private static void flip(Path file, int position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 4;
        Files.write(file, bytes);
    }

    @Test
    void aDamagedFileIsToldOnceAndWrittenAnew() throws IOException {
        Path out = out("damaged");
        succeed(SAMPLE, out, "");
        Map<String, String> expected = files(out);
        Path kept = KeptAlignments.in(cache).get(0);
        byte[] sound = Files.readAllBytes(kept);
        byte[] flipped = sound.clone();
        flipped[sound.length / 2] ^= 1;
        for (byte[] damage : List.of(flipped, new byte[0])) {
            Files.write(kept, damage);
            Cli verify = Cli.run("cache", "verify", "--cache", cache);
            assertTrue(verify.code() == 2 && verify.out().contains(kept.toString()), verify.toString());
            Cli run = succeed(SAMPLE, out, "");
            assertTrue(isAligned(run), run.err());
            assertEquals(1, notes(run, kept.toString()), run.err());
            assertEquals(expected, files(out));
            assertArrayEquals(sound, Files.readAllBytes(kept));
        }
        assertEquals(0, Cli.run("cache", "verify", "--cache", cache).code());
        assertFalse(isAligned(succeed(SAMPLE, out, "")));
    }

    @Test
    void theReportIsMadeAgainFromWhatIsKept() throws IOException {
        Path out = out("report");
        succeed(SAMPLE, out, "--tail both --top-images 4");
        for (int images : new int[] {4, 2, 5}) {
            Cli kept = Cli.run("report", out, "--top-images", images);
            assertEquals(0, kept.code(), kept.toString());
            assertEquals(images > 4, isAligned(kept), kept.err());
            Map<String, String> found = files(out);
            KeptAlignments.forget(cache);
            assertTrue(isAligned(Cli.run("report", out, "--top-images", images)));
            assertEquals(files(out), found);
            succeed(SAMPLE, out, "--tail both --top-images 4");
        }
    }

    private Path copyOfTheSample() throws IOException {
        Path copy = out("probe");
        try (Stream<Path> files = Files.walk(SAMPLE)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(SAMPLE.relativize(file).toString()));
            }
        }
        return copy;
    }

    private void assertNoticed(Path probe, Map<String, String> before) throws IOException {
        Path out = out("noticed");
        Cli run = succeed(probe, out, "");
        assertTrue(isAligned(run), run.err());
        assertFalse(run.err().contains("activations:"), "images are the same");
        Map<String, String> found = files(out);
        assertNotEquals(before.get(LAYER + "/detectors.csv"), found.get(LAYER + "/detectors.csv"));
        assertAsAligned(found, probe, out, "");
    }

    @Test
    void otherLabelsOfTheSameImagesAreNoticed() throws IOException {
        Path probe = copyOfTheSample();
        Path out = out("labels");
        succeed(probe, out, "");
        Map<String, String> before = files(out);
        assertFalse(isAligned(succeed(probe, out, "")));

        List<String> rows = Files.readAllLines(probe.resolve("index.csv"));
        List<String> planes = rows.subList(1, 41).stream()
                .flatMap(row -> Arrays.stream(row.split("[,;]")))
                .filter(cell -> cell.endsWith(".png"))
                .toList();
        Path plane = probe.resolve("images").resolve(planes.get(0));
        byte[] sound = Files.readAllBytes(plane);
        Files.copy(
                probe.resolve("images").resolve(planes.get(planes.size() - 1)),
                plane,
                StandardCopyOption.REPLACE_EXISTING);
        assertNoticed(probe, before);

        Files.delete(plane);
        Cli missing = dissect(probe, out, "");
        assertEquals(2, missing.code(), missing.toString());
        assertTrue(missing.errorLine().contains(planes.get(0)), missing.errorLine());
        Files.write(plane, sound);
        succeed(probe, out, "");
        assertFalse(isAligned(succeed(probe, out, "")), "as it was");

        Path labels = probe.resolve("label.csv");
        String text = Files.readString(labels);
        assertTrue(text.contains(",grey-c,"), text);
        Files.writeString(labels, text.replace(",grey-c,", ",dull-c,"));
        assertNoticed(probe, before);
        Files.writeString(labels, text);

        // each row gets the labels of the row before
        List<String> header = List.of(rows.get(0).split(","));
        String[] first = rows.get(1).split(",", -1);
        String[] second = rows.get(2).split(",", -1);
        for (int column = 0; column < first.length; column++) {
            if (!List.of("image", "split", "ih", "iw", "sh", "sw").contains(header.get(column))) {
                second[column] = first[column];
            }
        }
        rows.set(2, String.join(",", second));
        Files.write(probe.resolve("index.csv"), rows);
        assertNoticed(probe, before);
    }
}
