package org.netdissect.dissect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.Failures;
import org.netdissect.base.RunException;

/** Runs through the cache: interrupted, damaged, without disk space, outside the page cache. Chunks have 8 images. */
class CacheStagesTest {
    private static final String ARRAY = "activations\\.npy";

    @TempDir
    static Path inputs;

    @TempDir
    Path folder;

    private final FakeNetwork network = new FakeNetwork();
    private FakeRun run;
    private Map<String, String> undisturbed;
    private List<byte[]> arrays;

    @BeforeAll
    static void inputs() throws IOException {
        FakeRun.inputs(inputs);
    }

    @BeforeEach
    void runUndisturbed() throws IOException {
        FakeRun whole = new FakeRun(inputs, folder.resolve("undisturbed"), network);
        undisturbed = whole.run();
        arrays = bytes(whole);
        run = new FakeRun(inputs, folder, network);
    }

    private static List<byte[]> bytes(FakeRun run) throws IOException {
        List<byte[]> arrays = new ArrayList<>();
        for (Path array : run.cached(ARRAY)) {
            arrays.add(Files.readAllBytes(array));
        }
        return arrays;
    }

    private void assertUndisturbed() throws IOException {
        assertEquals(undisturbed, run.files());
        List<byte[]> found = bytes(run);
        assertEquals(arrays.size(), found.size());
        for (int i = 0; i < arrays.size(); i++) {
            assertArrayEquals(arrays.get(i), found.get(i));
        }
    }

    private static List<Integer> images(int from, int until) {
        return IntStream.range(from, until).boxed().toList();
    }

    private void interruptAt(int image) {
        network.failsAt = image;
        assertThrows(FakeNetwork.Interruption.class, run::run);
        assertFalse(Files.exists(run.out.resolve("run.json")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 26, 39})
    void anInterruptedRunGoesOnAtTheLastChunkThatWasFinished(int image) throws IOException {
        interruptAt(image);
        run.run();
        int from = image / 8 * 8;
        assertEquals(images(from, 40), network.passed);
        assertEquals(from > 0 ? 1 : 0, run.notes("going on at image " + (from + 1) + " of 40"), run.notes.toString());
        assertUndisturbed();
    }

    @Test
    void aRunThatIsInterruptedAgainAndAgainEnds() throws IOException {
        for (int image = 3; image < 40; image += 6) {
            interruptAt(image);
        }
        run.run();
        assertUndisturbed();
    }

    @Test
    void layersThatWereLeftAtDifferentImagesGoOnTogether() throws IOException {
        interruptAt(17);
        run.with("--layer conv5");
        interruptAt(33);
        run.with("--layer conv4 --layer conv5").run();
        assertEquals(1, run.notes("going on at image 17 of 40"), run.notes.toString());
        assertUndisturbed();
    }

    @Test
    void aLayerThatIsCompleteIsNotComputedAgain() throws IOException {
        run.with("--layer conv4").run();
        run.with("--layer conv4 --layer conv5").run();
        assertEquals(List.of(List.of("conv5")), network.loaded);
        assertUndisturbed();
    }

    @Test
    void whatAKilledProcessHalfWroteIsPassedOver() throws IOException {
        interruptAt(26);
        Path progress = run.cached("progress\\.log").get(0);
        String lines = Files.readString(progress);
        Files.writeString(progress, lines.substring(0, lines.length() - 5));
        FakeRun.flip(run.cached("activations\\.npy\\.partial").get(1), 2000);
        run.run();
        assertUndisturbed();
    }

    @Test
    void aFlippedByteIsFoundAndItsChunkAloneComputedAgain() throws IOException {
        run.run();
        List<Path> kept = run.alignments();
        Path array = run.cached(ARRAY).get(1);
        // 6 units of 4 x 4 cells, 4 bytes each, after the header
        FakeRun.flip(array, 128 + 20 * 6 * 16 * 4);
        run.run();
        assertEquals(0, run.notes("checksums"), "what is kept of the alignment needs no activations");
        run.forgetAlignments();
        run.run();
        assertEquals(1, run.notes("1 of 5 chunks do not fit their checksums, the first from image 17 on"));
        assertEquals(images(16, 24), network.passed);
        assertEquals(List.of(List.of("conv5")), network.loaded);
        assertUndisturbed();
        assertEquals(kept, run.alignments(), "the same activations as before");
        run.forgetAlignments();
        run.run();
        assertEquals(List.of(), run.notes);
    }

    @Test
    void damageInBothLayersIsRepaired() throws IOException {
        run.run();
        for (Path array : run.cached(ARRAY)) {
            FakeRun.flip(array, 128);
            FakeRun.flip(array, (int) Files.size(array) - 1);
        }
        run.forgetAlignments();
        run.run();
        assertEquals(2, run.notes("2 of 5 chunks do not fit their checksums, the first from image 1 on"));
        assertUndisturbed();
    }

    @Test
    void aLayerThatGivesOtherNumbersThanBeforeIsComputedAgain() throws IOException {
        run.run();
        FakeRun.flip(run.cached(ARRAY).get(1), 128);
        run.forgetAlignments();
        network.seed = 1;
        assertNotEquals(undisturbed, run.run());
        assertEquals(1, run.notes("layer conv5 gives other numbers than before; computing all of it again"));
        assertArrayEquals(arrays.get(0), bytes(run).get(0), "of the layer without damage nothing is computed");
        network.seed = 0;
    }

    @Test
    void thresholdsThatWereChangedAreFoundFromTheActivations() throws IOException {
        run.run();
        Path thresholds = run.cached("thresholds-.*\\.npy").get(0);
        byte[] sound = Files.readAllBytes(thresholds);
        FakeRun.flip(thresholds, sound.length - 1);
        run.run();
        assertEquals(List.of(), network.loaded);
        assertArrayEquals(sound, Files.readAllBytes(thresholds));
        assertUndisturbed();
    }

    @Test
    void anArrayThatIsMissingIsNamed() throws IOException {
        run.run();
        Files.delete(run.cached(ARRAY).get(0));
        run.forgetAlignments();
        String message = Failures.message(RunException.class, run::run);
        assertTrue(message.contains("activations.npy is missing; delete the folder"), message);
    }

    @Test
    void littleMemoryTakesMorePassesOverTheCacheAndIsExact() throws IOException {
        run.memory = 100;
        run.run();
        assertTrue(run.stages.stream().anyMatch(stage -> stage.startsWith("thresholds of ")), run.stages.toString());
        assertEquals(images(0, 40), network.passed);
        assertUndisturbed();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--top-images 3",
                "--tail both",
                "--top-fraction 0.1,0.05,0.2 --iou 0.04,0.02 --split train,val",
            })
    void pastThePageCacheTheFilesAreTheSame(String options) throws IOException {
        Map<String, String> usual = run.with(options).run();
        List<byte[]> usualArrays = bytes(run);
        for (long memory : new long[] {FakeRun.ENOUGH, FakeRun.LITTLE}) {
            FakeRun large = new FakeRun(inputs, folder.resolve("large" + memory), network).with(options);
            large.memory = memory;
            System.setProperty(PageCacheRule.PROPERTY, "always");
            try {
                assertEquals(usual, large.run(), "masks of what was kept in memory");
                assertEquals(usual, large.run(), "from what is kept of the alignment");
                large.forgetAlignments();
                assertEquals(usual, large.run(), "masks of the arrays");
            } finally {
                System.clearProperty(PageCacheRule.PROPERTY);
            }
            List<byte[]> found = bytes(large);
            for (int i = 0; i < found.size(); i++) {
                assertArrayEquals(usualArrays.get(i), found.get(i));
            }
        }
    }

    /** Needs the right to mount a small file system. */
    @Test
    void aFullDiskLosesNothing() throws IOException, InterruptedException {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        assumeTrue(
                succeeds("mount", "-t", "tmpfs", "-o", "size=512k", "none", disk.toString()),
                "skipped: no right to mount a small disk");
        try {
            run.cache = disk.resolve("cache");
            // 40 images of 6 units of 4 x 4 cells, 4 bytes each, in two layers: 30 kB
            Path ballast = fill(disk, 24 << 10);
            run.run();
            assertEquals(1, run.notes("nothing is kept, and the network may run twice"), run.notes.toString());
            assertEquals(1, run.notes("--cache DIR on another disk"), run.notes.toString());
            assertFalse(run.stages.contains("activations"), "found out before the pass");
            assertEquals(List.of(), run.cached("activations.*"), "nothing is written where it does not fit");
            assertEquals(undisturbed, run.files());

            Files.delete(ballast);
            run.run();
            assertUndisturbed();
            run.forgetAlignments();
            ballast = fill(disk, 0);
            run.run();
            assertEquals(
                    1,
                    run.notes("the results of the alignment cannot be stored in the cache (the disk has"),
                    run.notes.toString());
            assertEquals(undisturbed, run.files());

            run.out = disk.resolve("out");
            Failures.message(IOException.class, run::run);
            assertFalse(Files.exists(run.out.resolve("run.json")));
            assertFalse(Files.exists(run.out.resolve("conv5/detectors.csv")));
            Files.delete(ballast);
            assertEquals(undisturbed, run.run());
        } finally {
            assertTrue(succeeds("umount", disk.toString()));
        }
    }

    /** Fills the disk except for {@code left} bytes. */
    private static Path fill(Path disk, int left) throws IOException {
        return Files.write(disk.resolve("ballast"), new byte[(int) disk.toFile().getUsableSpace() - left]);
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
