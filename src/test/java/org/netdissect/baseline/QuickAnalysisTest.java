package org.netdissect.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.LayerScores;
import org.netdissect.align.MaskFile;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;

/** The quick baseline: its sample, its further draws, its stored form, and its notes. */
class QuickAnalysisTest {
    private static final GridSize GRID = new GridSize(4, 4);
    private static final int LABELS = 5;
    private static final long LOTS = 1L << 30;

    @TempDir
    Path folder;

    /** [images][pixels] */
    private int[][] labels = new int[0][0];

    private ProbeSet probe(int images, Random random) throws IOException {
        TinyProbe probe = TinyProbe.in(folder.resolve("probe" + images)).category("object");
        for (int label = 1; label <= LABELS; label++) {
            probe.label(label, "label" + label, "object", 1);
        }
        labels = new int[images][GRID.cells()];
        for (int image = 0; image < images; image++) {
            List<String> rows = new ArrayList<>();
            for (int y = 0; y < GRID.height(); y++) {
                StringBuilder row = new StringBuilder();
                for (int x = 0; x < GRID.width(); x++) {
                    int label = random.nextInt(LABELS + 1);
                    labels[image][y * GRID.width() + x] = label;
                    row.append(label).append(' ');
                }
                rows.add(row.toString());
            }
            probe.image("i" + image + ".png", "train", GRID, 0, GRID).plane("object", rows.toArray(String[]::new));
        }
        return probe.open();
    }

    private boolean[][][] random(int units, Random random) {
        boolean[][][] masks = new boolean[labels.length][units][GRID.cells()];
        for (boolean[][] image : masks) {
            for (boolean[] unit : image) {
                for (int pixel = 0; pixel < unit.length; pixel++) {
                    unit[pixel] = random.nextInt(6) == 0;
                }
            }
        }
        return masks;
    }

    /** Sets the masks of a unit to the pixels of a label. */
    private void plant(boolean[][][] masks, int unit, int label) {
        for (int image = 0; image < masks.length; image++) {
            for (int pixel = 0; pixel < GRID.cells(); pixel++) {
                masks[image][unit][pixel] = labels[image][pixel] == label;
            }
        }
    }

    /** Results of an analysis, and the bytes that it stored. */
    private record Found(LayerBaseline chance, LayerScores scores, ByteBuffer bytes) {}

    private Found analyse(
            ProbeSet probe, boolean[][][] masks, BaselineSettings settings, double iou, int threads, long memory)
            throws IOException {
        int[] sample = BaselineSample.of(probe.images().size(), settings);
        BaselineAnalysis.Layer layer =
                new DrawnLayer(GRID, masks).align(probe, AlignmentRules.PAPER, folder, threads, sample);
        MaskFile file = layer.masks();
        List<ByteBuffer> kept = new ArrayList<>();
        try (file) {
            LayerBaseline chance = new BaselineAnalysis(probe, AlignmentRules.PAPER, iou, settings, List.of(layer))
                    .run(threads, memory, ProgressListener.NONE, (position, bytes) -> kept.add(bytes))
                    .get(0);
            return new Found(chance, layer.scores(), kept.get(0));
        }
    }

    private static BaselineSettings quick(int permutations, long seed) {
        return new BaselineSettings(BaselineMethod.QUICK, permutations, seed);
    }

    /** With few images the quick baseline equals the permutation baseline, without intervals. */
    @Test
    void withAllImagesItIsThePermutationTest() throws IOException {
        Random random = new Random(1);
        ProbeSet probe = probe(70, random);
        boolean[][][] masks = random(60, random);
        plant(masks, 3, 2);
        LayerBaseline quick = analyse(probe, masks, quick(300, 5), 0.1, 2, LOTS).chance();
        LayerBaseline full = analyse(probe, masks, new BaselineSettings(300, 5), 0.1, 2, LOTS)
                .chance();
        assertEquals(full.detectors(), quick.detectors());
        assertEquals(full.unique(), quick.unique());
        assertEquals(full.sample(), quick.sample());
        assertEquals(300, quick.draws());
        int compared = 0;
        for (int i = 0; i < 60; i++) {
            UnitBaseline own = quick.units().get(i);
            UnitBaseline other = full.units().get(i);
            assertEquals(other.unit(), own.unit());
            assertEquals(other.mean(), own.mean());
            assertEquals(other.chance95(), own.chance95());
            assertNull(own.lower());
            assertTrue(Objects.requireNonNull(other.upper()) > 0);
            if (Objects.requireNonNull(other.p()) > 1 / 301.0) {
                assertEquals(other.p(), own.p());
                compared++;
            }
        }
        assertTrue(compared > 50, "compared " + compared);
    }

    /** Detectors of a sample are counted over its images only. */
    @Test
    void ofManyImagesASampleIsTaken() throws IOException {
        Random random = new Random(2);
        ProbeSet probe = probe(600, random);
        boolean[][][] masks = random(20, random);
        BaselineSettings settings = quick(50, 3);
        int[] sample = BaselineSample.of(600, settings);
        assertEquals(512, sample.length);
        plant(masks, 0, 1);
        Found before = analyse(probe, masks, settings, 0.2, 2, LOTS);
        boolean[] isIn = new boolean[600];
        Arrays.stream(sample).forEach(image -> isIn[image] = true);
        for (int image = 0; image < 600; image++) {
            if (!isIn[image]) {
                Arrays.fill(masks[image][0], false);
            }
        }
        Found after = analyse(probe, masks, settings, 0.2, 2, LOTS);
        assertEquals(before.bytes(), after.bytes(), "masks outside the sample do not count");
        assertNotEquals(before.scores().units().get(0), after.scores().units().get(0));
        assertEquals(512, before.chance().sample().images());
        assertEquals(1, before.chance().sample().detectors());
        assertEquals(1, before.chance().significant());
        double own = BaselineCodecTest.draws(before.bytes(), 20, 512, 0.2, settings)
                .unit(0)
                .observed();
        assertEquals(1, own, "all pixels of a label within the sample");
    }

    @Test
    void theSampleIsBoundedAndOfTheSeedAlone() {
        BaselineSettings settings = quick(400, 7);
        int[] broden = BaselineSample.of(63_305, settings);
        assertEquals(2048, broden.length);
        assertEquals(2048, Arrays.stream(broden).distinct().count());
        assertArrayEquals(broden, Arrays.stream(broden).sorted().toArray());
        assertEquals(63_305 / 2.0, Arrays.stream(broden).average().orElseThrow(), 1500, "from all of them");
        assertArrayEquals(broden, BaselineSample.of(63_305, quick(9, 7)));
        assertFalse(Arrays.equals(broden, BaselineSample.of(63_305, quick(400, 8))));
        assertEquals(1000, BaselineSample.of(8000, settings).length);
        assertEquals(512, BaselineSample.of(750, settings).length);
        assertEquals(40, BaselineSample.of(40, settings).length);
        assertEquals(63_305, BaselineSample.of(63_305, new BaselineSettings(1000, 7)).length);
    }

    /** One good unit of 600 needs a p of 0.05 / 600, for which 100 draws are too few. */
    @Test
    void aSingleGoodUnitGetsTheDrawsThatItNeeds() throws IOException {
        Random random = new Random(4);
        ProbeSet probe = probe(96, random);
        boolean[][][] masks = random(600, random);
        plant(masks, 17, 4);
        LayerBaseline full = analyse(probe, masks, new BaselineSettings(100, 1), 0.3, 2, LOTS)
                .chance();
        assertEquals(0, full.significant());
        assertEquals(1, full.unresolved());
        LayerBaseline quick = analyse(probe, masks, quick(100, 1), 0.3, 2, LOTS).chance();
        assertEquals(1, quick.significant());
        assertEquals(0, quick.unresolved());
        UnitBaseline unit = quick.units().get(0);
        assertEquals(17, unit.unit());
        assertEquals(1 / 12_001.0, unit.p());
        assertEquals(600 / 12_001.0, unit.q());
        assertEquals(full.detectors(), quick.detectors());
    }

    @Test
    void neitherThreadsNorMemoryChangeANumber() throws IOException {
        Random random = new Random(5);
        ProbeSet probe = probe(90, random);
        boolean[][][] masks = random(40, random);
        plant(masks, 39, 1);
        Found one = analyse(probe, masks, quick(60, 1), 0.15, 1, LOTS);
        for (int threads : new int[] {2, 8}) {
            for (long memory : new long[] {LOTS, 60_000, 1}) {
                Found other = analyse(probe, masks, quick(60, 1), 0.15, threads, memory);
                assertEquals(one.chance(), other.chance());
                assertEquals(one.bytes(), other.bytes());
            }
        }
        assertNotEquals(
                one.chance().units(),
                analyse(probe, masks, quick(60, 2), 0.15, 1, LOTS).chance().units());
    }

    /** Draws stored at one IoU threshold give the results of a run at another. */
    @Test
    void keptDrawsTellChanceAtAnyThreshold() throws IOException, DataFormatException {
        Random random = new Random(6);
        ProbeSet probe = probe(80, random);
        boolean[][][] masks = random(30, random);
        plant(masks, 2, 3);
        BaselineSettings settings = quick(120, 2);
        Found kept = analyse(probe, masks, settings, 0.04, 2, LOTS);
        for (double iou : new double[] {0, 0.04, 0.1, 0.13, 0.15, 0.5}) {
            LayerBaseline direct = analyse(probe, masks, settings, iou, 2, LOTS).chance();
            LayerDraws draws = BaselineCodec.decode(kept.bytes(), 30, 80, iou, settings);
            assertEquals(direct, draws.baseline(kept.scores(), settings), "IoU above " + iou);
        }
        LayerBaseline high = analyse(probe, masks, settings, 0.13, 2, LOTS).chance();
        assertTrue(
                Objects.requireNonNull(high.detectors()).mean() < 30,
                high.detectors().toString());
        assertTrue(high.detectors().mean() > 0, high.detectors().toString());
    }

    @Test
    void aRandomNetworkIsNoMoreThanChance() throws IOException {
        Random random = new Random(7);
        ProbeSet probe = probe(100, random);
        boolean[][][] masks = random(200, random);
        LayerBaseline chance =
                analyse(probe, masks, quick(400, 0), 0.05, 2, LOTS).chance();
        assertEquals(200, chance.sample().detectors());
        assertEquals(LayerBaseline.Verdict.NO_MORE_THAN_CHANCE, chance.verdict(200));
        for (int unit = 0; unit < 100; unit++) {
            plant(masks, unit, 1 + unit % LABELS);
        }
        LayerBaseline half = analyse(probe, masks, quick(400, 0), 0.05, 2, LOTS).chance();
        assertTrue(
                half.significant() >= 100 && half.significant() <= 110,
                "those that were planted: " + half.significant());
        assertEquals(LayerBaseline.Verdict.MOSTLY_CHANCE, half.verdict(200), "a threshold that means nothing");
        LayerBaseline strict =
                analyse(probe, masks, quick(400, 0), 0.5, 2, LOTS).chance();
        assertEquals(LayerBaseline.Verdict.BEYOND_CHANCE, strict.verdict(100));
        assertEquals(LayerBaseline.Verdict.BEYOND_CHANCE, chance.verdict(0), "nothing looks good");
    }

    /** 19 shifts would be enough, but 16 images of one kind have only 15. */
    @Test
    void tooFewImagesCannotTell() throws IOException {
        Random random = new Random(8);
        ProbeSet probe = probe(16, random);
        boolean[][][] masks = random(9, random);
        plant(masks, 0, 1);
        LayerBaseline chance =
                analyse(probe, masks, quick(400, 0), 0.1, 1, LOTS).chance();
        assertEquals(15, chance.draws());
        assertEquals(0, chance.significant());
        assertEquals(0, chance.unresolved(), "there are no more draws");
        assertEquals(LayerBaseline.Verdict.TOO_FEW_IMAGES, chance.verdict(9));
        LayerBaseline more = analyse(probe(40, random), random(9, random), quick(400, 0), 0.1, 1, LOTS)
                .chance();
        assertEquals(15 * 15, more.draws());
        assertNotEquals(LayerBaseline.Verdict.TOO_FEW_IMAGES, more.verdict(9));
    }

    @Test
    void oneImageIsNoFailure() throws IOException {
        Random random = new Random(9);
        ProbeSet probe = probe(1, random);
        Found found = analyse(probe, random(3, random), quick(400, 0), 0.01, 2, LOTS);
        assertEquals(0, found.chance().draws());
        assertNull(found.chance().detectors());
        assertThrows(
                DataFormatException.class,
                () -> BaselineCodec.decode(found.bytes(), 3, 2, 0.01, quick(400, 0)),
                "of another sample");
    }
}
