package org.netdissect.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.align.ActivationImages;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.Comparison;
import org.netdissect.align.LabelZero;
import org.netdissect.align.MaskFile;
import org.netdissect.align.PixelLabels;
import org.netdissect.align.UnitScores;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;

/** The whole analysis, of masks that are random or equal to a label. */
class BaselineAnalysisTest {
    private static final GridSize GRID = new GridSize(6, 6);
    private static final int LABELS = 6;
    private static final int IMAGES = 64;
    private static final long LOTS = 1L << 30;

    @TempDir
    Path folder;

    /** [images][pixels] */
    private final int[][] labels = new int[IMAGES][GRID.cells()];

    /**
     * Probe set with a plane of random spots in each image. There are two kinds of images, with and without a texture
     * that covers them.
     */
    private ProbeSet probe(Random random) throws IOException {
        TinyProbe probe =
                TinyProbe.in(folder.resolve("probe")).category("object").category("texture");
        for (int label = 1; label <= LABELS; label++) {
            probe.label(label, "label" + label, "object", 1);
        }
        probe.label(LABELS + 1, "dots", "texture", 1).label(LABELS + 2, "lines", "texture", 1);
        for (int image = 0; image < IMAGES; image++) {
            int[] plane = labels[image];
            for (int blot = 0; blot < 3; blot++) {
                int label = 1 + random.nextInt(LABELS);
                mark(random, pixel -> plane[pixel] = label);
            }
            List<String> rows = new ArrayList<>();
            for (int y = 0; y < GRID.height(); y++) {
                StringBuilder row = new StringBuilder();
                for (int x = 0; x < GRID.width(); x++) {
                    row.append(plane[y * GRID.width() + x]).append(' ');
                }
                rows.add(row.toString());
            }
            probe.image("i" + image + ".png", "train", GRID, image, GRID).plane("object", rows.toArray(String[]::new));
            if (image % 3 == 0) {
                probe.cell("texture", Integer.toString(LABELS + 1 + random.nextInt(2)));
            }
        }
        return probe.open();
    }

    private static void mark(Random random, java.util.function.IntConsumer pixels) {
        int top = random.nextInt(GRID.height());
        int left = random.nextInt(GRID.width());
        for (int y = top; y < Math.min(top + 2, GRID.height()); y++) {
            for (int x = left; x < Math.min(left + 3, GRID.width()); x++) {
                pixels.accept(y * GRID.width() + x);
            }
        }
    }

    private static boolean[][][] random(int units, Random random) {
        boolean[][][] masks = new boolean[IMAGES][units][GRID.cells()];
        for (boolean[][] image : masks) {
            for (boolean[] unit : image) {
                if (random.nextInt(3) == 0) {
                    mark(random, pixel -> unit[pixel] = true);
                }
            }
        }
        return masks;
    }

    private LayerBaseline analyse(ProbeSet probe, boolean[][][] masks, BaselineSettings settings, double iou)
            throws IOException {
        return analyse(probe, masks, AlignmentRules.PAPER, settings, iou, 2, LOTS);
    }

    private LayerBaseline analyse(
            ProbeSet probe,
            boolean[][][] masks,
            AlignmentRules rules,
            BaselineSettings settings,
            double iou,
            int threads,
            long memory)
            throws IOException {
        BaselineAnalysis.Layer layer = new DrawnLayer(GRID, masks).align(probe, rules, folder, threads);
        MaskFile file = layer.masks();
        try (file) {
            return new BaselineAnalysis(probe, rules, iou, settings, List.of(layer))
                    .run(threads, memory, ProgressListener.NONE)
                    .get(0);
        }
    }

    /** For masks independent of labels p is uniform, and there are as many detectors as by chance. */
    @Test
    void underChanceAlonePIsUniform() throws IOException {
        Random random = new Random(11);
        ProbeSet probe = probe(random);
        LayerBaseline chance = analyse(probe, random(600, random), new BaselineSettings(400, 3), 0.06);
        double[] p = chance.units().stream()
                .mapToDouble(unit -> Objects.requireNonNull(unit.p()))
                .toArray();
        for (double level : new double[] {0.05, 0.1, 0.25, 0.5, 0.75, 0.9}) {
            double below =
                    (double) Arrays.stream(p).filter(each -> each <= level).count() / p.length;
            // four standard errors of 600 independent units, and a margin for the 1 in 15 draws that share a group's
            // shift
            double most = 4 * Math.sqrt(level * (1 - level) / p.length) + 0.01;
            assertEquals(level, below, most, "share of p up to " + level);
        }
        int detectors = (int) chance.units().stream()
                .filter(unit -> Objects.requireNonNull(unit.lower()) >= 0)
                .count();
        assertEquals(600, detectors, "all have a label");
        assertTrue(chance.significant() <= 3, "significant: " + chance.significant());
        LayerBaseline.Expected expected = Objects.requireNonNull(chance.detectors());
        assertTrue(expected.mean() > 50 && expected.mean() < 550, "a threshold in the middle: " + expected);
        long observed = observed(probe, random(600, new Random(12)), 0.06);
        assertEquals((double) observed, expected.mean(), 5 * Math.sqrt(expected.mean()), "detectors");
        assertTrue(expected.most95() >= expected.mean());
        assertTrue(Objects.requireNonNull(chance.unique()).mean() <= LABELS + 2);
    }

    private long observed(ProbeSet probe, boolean[][][] masks, double iou) throws IOException {
        BaselineAnalysis.Layer layer = new DrawnLayer(GRID, masks).align(probe, AlignmentRules.PAPER, folder, 2);
        MaskFile file = layer.masks();
        try (file) {
            return layer.scores().units().stream()
                    .filter(unit -> unit.best().iou() > iou)
                    .count();
        }
    }

    @Test
    void plantedDetectorsHaveTheLeastP() throws IOException {
        Random random = new Random(21);
        ProbeSet probe = probe(random);
        boolean[][][] masks = random(60, random);
        for (int unit = 0; unit < LABELS; unit++) {
            for (int image = 0; image < IMAGES; image++) {
                for (int pixel = 0; pixel < GRID.cells(); pixel++) {
                    masks[image][unit][pixel] = labels[image][pixel] == unit + 1;
                }
            }
        }
        for (boolean[][] image : masks) {
            Arrays.fill(image[LABELS], false);
        }
        LayerBaseline chance = analyse(probe, masks, new BaselineSettings(999, 3), 0.2);
        for (int place = 0; place < LABELS; place++) {
            UnitBaseline unit = chance.units().get(place);
            assertEquals(unit.unit(), unit.unit() % LABELS, "the best are the planted");
            assertEquals(0.001, unit.p());
            assertEquals(0.001 * 59 / LABELS, Objects.requireNonNull(unit.q()), 1e-12);
            assertEquals(1, unit.lower());
            assertEquals(1, unit.upper());
            assertTrue(Objects.requireNonNull(unit.chance95()) < 0.5);
            assertTrue(Objects.requireNonNull(unit.mean()) <= unit.chance95());
        }
        UnitBaseline silent = chance.units().get(59);
        assertEquals(new UnitBaseline(LABELS, null, null, null, null, 0.0, 0.0), silent, "without a label");
        assertEquals(LABELS, chance.significant());
        assertEquals(0, chance.unresolved());
        assertTrue(Objects.requireNonNull(chance.detectors()).mean() < 1);
        assertEquals(0, chance.sample().unpaired());

        LayerBaseline few = analyse(probe, masks, new BaselineSettings(9, 3), 0.2);
        assertEquals(0, few.significant(), "9 draws tell none");
        assertEquals(LABELS, few.unresolved());
        assertEquals(196, few.drawsNeeded(), "59 * 20 / 6, less the draw that was seen");
    }

    @Test
    void neitherThreadsNorMemoryChangeANumberAndTheSeedDoes() throws IOException {
        Random random = new Random(31);
        ProbeSet probe = probe(random);
        boolean[][][] masks = random(23, random);
        BaselineSettings settings = new BaselineSettings(100, 7);
        for (AlignmentRules rules : List.of(
                AlignmentRules.PAPER,
                new AlignmentRules(
                        Comparison.ABOVE, ActivationImages.TOUCHED, PixelLabels.EACH_PLANE, LabelZero.LABEL))) {
            LayerBaseline one = analyse(probe, masks, rules, settings, 0.1, 1, LOTS);
            for (int threads : new int[] {2, 8}) {
                assertEquals(one, analyse(probe, masks, rules, settings, 0.1, threads, LOTS), threads + " threads");
            }
            assertEquals(one, analyse(probe, masks, rules, settings, 0.1, 2, 1), "a unit at a time");
            assertEquals(one, analyse(probe, masks, rules, settings, 0.1, 2, 60_000), "some units at a time");
            LayerBaseline other = analyse(probe, masks, rules, new BaselineSettings(100, 8), 0.1, 2, LOTS);
            assertNotEquals(one.units(), other.units());
        }
    }

    /** A unit has the same result in a group of units as alone, each by its masks. */
    @Test
    void layersTogetherAreAsAlone() throws IOException {
        Random random = new Random(41);
        ProbeSet probe = probe(random);
        List<boolean[][][]> masks = List.of(random(7, random), random(3, random));
        BaselineSettings settings = new BaselineSettings(50, 1);
        List<BaselineAnalysis.Layer> layers = new ArrayList<>();
        for (boolean[][][] each : masks) {
            layers.add(new DrawnLayer(GRID, each).align(probe, AlignmentRules.PAPER, folder, 1));
        }
        for (long memory : new long[] {LOTS, 60_000, 1}) {
            List<LayerBaseline> together = new BaselineAnalysis(probe, AlignmentRules.PAPER, 0.1, settings, layers)
                    .run(2, memory, ProgressListener.NONE);
            for (int i = 0; i < masks.size(); i++) {
                assertEquals(analyse(probe, masks.get(i), settings, 0.1), together.get(i), "layer " + i);
            }
        }
        for (BaselineAnalysis.Layer layer : layers) {
            layer.masks().close();
        }
    }

    /** Compares the interval with a count pixel by pixel under the same weights. */
    @Test
    void intervalsEqualResamplingPixelByPixel() throws IOException {
        Random random = new Random(51);
        ProbeSet probe = probe(random);
        boolean[][][] masks = random(12, random);
        BaselineSettings settings = new BaselineSettings(80, 9);
        double[][] weights = new double[IMAGES][80];
        for (int image = 0; image < IMAGES; image++) {
            new PoissonWeights(9).fill(image, weights[image]);
        }
        BaselineAnalysis.Layer layer = new DrawnLayer(GRID, masks).align(probe, AlignmentRules.PAPER, folder, 2);
        layer.masks().close();
        LayerBaseline chance = analyse(probe, masks, settings, 0.1);
        int textures = 0;
        for (int place = 0; place < 12; place++) {
            UnitScores unit = layer.scores().units().get(place);
            UnitBaseline found = chance.units().get(place);
            assertEquals(unit.unit(), found.unit());
            double[] scores = new double[80];
            for (int draw = 0; draw < scores.length; draw++) {
                scores[draw] = resampled(probe, masks, unit, weights, draw);
            }
            Arrays.sort(scores);
            assertEquals(scores[1], found.lower(), "the 2nd of 80: 2.5 % of them are not above it");
            assertEquals(scores[77], found.upper(), "the 78th of 80: 97.5 % are not above it");
            assertNotNull(found.lower());
            textures += unit.category() == 1 ? 1 : 0;
        }
        assertTrue(textures > 0 && textures < 12, "units that see textures: " + textures);
    }

    private double resampled(ProbeSet probe, boolean[][][] masks, UnitScores unit, double[][] weights, int draw)
            throws IOException {
        double truth = 0;
        double activation = 0;
        double intersect = 0;
        for (int image = 0; image < IMAGES; image++) {
            int[] covering = probe.readLabels(probe.images().get(image)).imageLabels();
            int label = unit.best().label();
            for (int pixel = 0; pixel < GRID.cells(); pixel++) {
                boolean masked = masks[image][unit.unit()][pixel];
                boolean labelled =
                        labels[image][pixel] == label || Arrays.stream(covering).anyMatch(number -> number == label);
                boolean holds = unit.category() == 0 || covering.length > 0;
                truth += labelled ? weights[image][draw] : 0;
                activation += masked && holds ? weights[image][draw] : 0;
                intersect += masked && labelled ? weights[image][draw] : 0;
            }
        }
        double union = truth + activation - intersect;
        return union == 0 ? 0 : intersect / union;
    }

    @Test
    void oneImageCannotTell() throws IOException {
        ProbeSet probe = TinyProbe.in(folder.resolve("one"))
                .category("object")
                .label(1, "cat", "object", 1)
                .image("a.png", "train", GRID, 1, new GridSize(1, 2))
                .plane("object", "1 0")
                .open();
        boolean[][][] masks = {{{true, false}}};
        BaselineAnalysis.Layer layer =
                new DrawnLayer(new GridSize(1, 2), masks).align(probe, AlignmentRules.PAPER, folder, 1);
        MaskFile file = layer.masks();
        try (file) {
            LayerBaseline chance = new BaselineAnalysis(
                            probe, AlignmentRules.PAPER, 0.04, new BaselineSettings(100, 0), List.of(layer))
                    .run(1, LOTS, ProgressListener.NONE)
                    .get(0);
            assertEquals(0, chance.draws());
            assertEquals(1, chance.sample().unpaired());
            assertNull(chance.detectors());
            // an image that is never drawn contributes nothing
            assertEquals(List.of(new UnitBaseline(0, 0.0, 1.0, 1.0, 1.0, null, null)), chance.units());
            assertEquals(0, chance.significant());
        }
    }
}
