package org.netdissect.dissect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that reuse stored counts of an alignment, compared with runs that align. */
class KeptResultsTest {
    @TempDir
    static Path folder;

    private final FakeNetwork network = new FakeNetwork();

    @BeforeAll
    static void inputs() throws IOException {
        FakeRun.inputs(folder);
    }

    @BeforeEach
    void forget() throws IOException {
        run("").forgetAlignments();
    }

    private FakeRun run(String options) {
        FakeRun run = new FakeRun(folder, folder, network);
        run.topImages = 10;
        return run.with("--layer conv5").with(options);
    }

    private static boolean isAligned(FakeRun run) {
        return run.stages.contains(FakeRun.ALIGNMENT);
    }

    private void assertAsAligned(Map<String, String> found, String options) throws IOException {
        FakeRun run = run(options);
        run.forgetAlignments();
        assertEquals(run.run(), found);
        assertTrue(isAligned(run), "nothing is kept");
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "'', --iou 0.1",
        "'', --detectors html",
        "'', '--iou 0.04,0.1,0.2 --no-report'",
        "'', --top-images 3",
        "'', --no-report",
        "--no-report, '--no-report --iou 0.3'",
        "--tail both, --tail both",
        "--tail both, --tail lower",
        "'--split val,train', '--split val,train --iou 0.02'",
        "'--top-fraction 0.05,0.2', '--top-fraction 0.05,0.2 --iou 0.04,0.1'",
        "'--top-fraction 0.05,0.2', ''",
        "'--top-fraction 0.05,0.2', '--top-fraction 0.2 --no-report --baseline none'",
        "--profile netdissect-lite, --profile netdissect-lite",
        "--layer conv4 --layer conv5, --layer conv5",
        "--least-images 3, --least-images 3",
        "--least-images 3, --least-images 2 --top-images 4",
        "--least-images 3, ''",
        "--least-images 3, --no-report",
        "--tail both --least-images 40, --tail lower --least-images 2",
        "--rotate 0, ''",
        "'', --rotate 0",
    })
    void whatIsKeptGivesTheSameFiles(String first, String then) throws IOException {
        FakeRun aligned = run(first);
        aligned.run();
        assertTrue(isAligned(aligned), "nothing was kept");
        FakeRun kept = run(then);
        Map<String, String> found = kept.run();
        assertFalse(isAligned(kept), kept.stages.toString());
        assertAsAligned(found, then);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--top-fraction 0.1",
                "--interpolation align-corners",
                "--comparison at-least",
                "--profile netdissect-lite",
                "--categories color",
                "--categories object",
                "--split train",
                "--split train,val",
                "--split val,train",
                "--tail lower",
                "--top-images 11",
                "--least-images 1",
                "--permutations 20",
                "--rotate 0.5",
            })
    void whatFollowsFromOtherOptionsIsAligned(String options) throws IOException {
        run("").run();
        FakeRun other = run(options);
        Map<String, String> found = other.run();
        assertTrue(isAligned(other), other.stages.toString());
        assertAsAligned(found, options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--permutations 20", "--rotate 0.5"})
    void ofMasksThatAreWantedAndOfARotatedBasisNothingIsKept(String options) throws IOException {
        FakeRun run = run(options);
        run.run();
        assertEquals(List.of(), run.alignments());
    }

    @Test
    void aSweepBesideABaselineIsKept() throws IOException {
        String options = "--permutations 20 --top-fraction 0.05,0.2";
        FakeRun run = run(options);
        run.run();
        assertEquals(1, run.alignments().size());
        assertAsAligned(run.run(), options);
    }

    @Test
    void leastImagesLeaveEarlierResultsAlone() throws IOException {
        FakeRun plain = run("");
        plain.run();
        Path kept = plain.alignments().get(0);
        byte[] before = Files.readAllBytes(kept);
        FakeRun least = run("--top-images 3 --least-images 2");
        least.run();
        assertTrue(isAligned(least), "they were not kept");
        assertEquals(2, plain.alignments().size());
        assertArrayEquals(before, Files.readAllBytes(kept), "ten images each, as before");
        for (String options : List.of("", "--top-images 10 --least-images 2", "--least-images 1 --top-images 0")) {
            FakeRun then = run(options);
            then.run();
            assertFalse(isAligned(then), options);
        }
        FakeRun more = run("--least-images 3");
        Map<String, String> found = more.run();
        assertTrue(isAligned(more), "two are kept");
        assertAsAligned(found, "--least-images 3");
    }

    @Test
    void onlyLayersThatLackSomethingAreRead() throws IOException {
        FakeRun one = run("");
        one.run();
        Path array = one.alignments().get(0).resolveSibling("activations.npy");
        byte[] sound = Files.readAllBytes(array);
        FakeRun.flip(array, sound.length - 1);
        FakeRun both = run("--layer conv4 --layer conv5");
        Map<String, String> found = both.run();
        assertTrue(isAligned(both) && both.notes("checksums") == 0, both.notes.toString());
        Files.write(array, sound);
        assertAsAligned(found, "--layer conv4 --layer conv5");
    }

    @Test
    void aDamagedFileIsToldOnceAndWrittenAgain() throws IOException {
        FakeRun run = run("");
        Map<String, String> expected = run.run();
        Path kept = run.alignments().get(0);
        byte[] sound = Files.readAllBytes(kept);
        byte[] flipped = sound.clone();
        flipped[sound.length / 2] ^= 1;
        for (byte[] damage : List.of(flipped, Arrays.copyOf(sound, sound.length / 3), new byte[0], new byte[5000])) {
            Files.write(kept, damage);
            assertEquals(expected, run.run());
            assertTrue(isAligned(run));
            assertEquals(1, run.notes(kept.toString()), run.notes.toString());
            assertArrayEquals(sound, Files.readAllBytes(kept));
        }
        run.run();
        assertFalse(isAligned(run));
    }

    /** A file cannot replace a folder that is not empty, not even as root. */
    @Test
    void aRunGoesOnWhereNothingCanBeKept() throws IOException {
        FakeRun run = run("");
        Map<String, String> expected = run.run();
        Path kept = run.alignments().get(0);
        Files.delete(kept);
        Path inTheWay = Files.writeString(Files.createDirectory(kept).resolve("file"), "");
        assertEquals(expected, run.run());
        assertTrue(isAligned(run));
        assertEquals(1, run.notes("cannot be stored"), run.notes.toString());
        Files.delete(inTheWay);
        Files.delete(kept);
    }
}
