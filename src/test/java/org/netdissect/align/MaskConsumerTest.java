package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.MapBlock;
import org.netdissect.activation.MapSource;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.threshold.BlockPool;
import org.netdissect.activation.threshold.CandidateMaps;
import org.netdissect.activation.threshold.SharedScan;
import org.netdissect.activation.threshold.ThresholdSelector;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;
import org.netdissect.labels.LabelMap;

/**
 * Consumers that only this test has, in one pass with those of a dissection, compared with naive loops over every
 * value.
 */
class MaskConsumerTest {
    /** Label grids have the maps' size, so that a mask needs no resizing. */
    private static final GridSize GRID = new GridSize(3, 4);

    private static final int IMAGES = 37;
    private static final int UNITS = 5;
    private static final int CHUNK = 4;
    private static final ActivationShape SHAPE = new ActivationShape(IMAGES, UNITS, GRID);
    private static final BigDecimal FRACTION = new BigDecimal("0.02");

    @TempDir
    Path folder;

    /** [images][units][cells] */
    private final float[][][] values = new float[IMAGES][UNITS][GRID.cells()];
    /** [images][planes][pixels] */
    private final int[][][] planes = new int[IMAGES][2][GRID.cells()];

    private ProbeSet probe;
    private List<ActivationBlock> blocks;
    private Thresholds thresholds;

    @BeforeEach
    void draw() throws IOException {
        Random random = new Random(7);
        TinyProbe tiny = TinyProbe.in(folder)
                .category("object")
                .category("part")
                .label(1, "cat", "object", 2)
                .label(2, "dog", "object", 1)
                .label(3, "wheel", "part", 1);
        ByteBuffer bytes = ByteBuffer.allocate(SHAPE.images() * SHAPE.valuesPerImage() * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int image = 0; image < IMAGES; image++) {
            tiny.image("i" + image + ".png", "train", new GridSize(8, 8), image, GRID);
            for (int plane = 0; plane < 2; plane++) {
                for (int pixel = 0; pixel < GRID.cells(); pixel++) {
                    planes[image][plane][pixel] = plane == 0 ? random.nextInt(3) : 3 * random.nextInt(2);
                }
                tiny.plane(plane == 0 ? "object" : "part", rows(planes[image][plane]));
            }
            for (float[] map : values[image]) {
                for (int cell = 0; cell < map.length; cell++) {
                    map[cell] = (random.nextInt(400) - 200) / 8f;
                    bytes.putFloat(map[cell]);
                }
            }
        }
        probe = tiny.open();
        blocks = new ArrayList<>();
        for (int first = 0; first < IMAGES; first += CHUNK) {
            int images = Math.min(CHUNK, IMAGES - first);
            ByteBuffer part = bytes.slice(
                    first * SHAPE.valuesPerImage() * Float.BYTES, images * SHAPE.valuesPerImage() * Float.BYTES);
            blocks.add(ActivationBlock.computed(first, images, UNITS, GRID, Precision.FLOAT32, part));
        }
        thresholds = scan(Optional.empty());
    }

    private static String[] rows(int[] plane) {
        String[] rows = new String[GRID.height()];
        for (int y = 0; y < rows.length; y++) {
            StringBuilder row = new StringBuilder();
            for (int x = 0; x < GRID.width(); x++) {
                row.append(plane[y * GRID.width() + x]).append(' ');
            }
            rows[y] = row.toString();
        }
        return rows;
    }

    private Thresholds scan(Optional<CandidateMaps> candidates) {
        ThresholdSelector selector =
                ThresholdSelector.onePass(SHAPE, FRACTION, 1L << 24).orElseThrow();
        SharedScan scan = new SharedScan(Optional.of(selector), SHAPE, candidates);
        blocks.forEach(scan::accept);
        selector.endPass();
        return selector.thresholds();
    }

    /** Greatest activation of every image and unit. */
    private static final class Peaks implements MaskConsumer {
        /** [images][units] */
        private final float[][] peaks = new float[IMAGES][UNITS];

        @Override
        public float needsAbove(int unit, int image) {
            return Float.NEGATIVE_INFINITY;
        }

        @Override
        public OfImage begin(int image, ImageLabels labels) {
            return (unit, map, mask) -> {
                float peak = map[0];
                for (float value : map) {
                    peak = Math.max(peak, value);
                }
                peaks[image][unit] = peak;
            };
        }
    }

    /** Counts of pixels of masks, of {@code (cat or dog) and not wheel}, and of their intersection. */
    private static final class Formula implements MaskConsumer {
        /** [units] */
        private final AtomicLongArray intersect = new AtomicLongArray(UNITS);

        private final AtomicLongArray activation = new AtomicLongArray(UNITS);
        private final AtomicIntegerArray truth = new AtomicIntegerArray(IMAGES);
        private final AtomicIntegerArray ended = new AtomicIntegerArray(IMAGES);

        @Override
        public OfImage begin(int image, ImageLabels labels) {
            boolean[] holds = new boolean[GRID.cells()];
            for (int pixel = 0; pixel < holds.length; pixel++) {
                holds[pixel] = carries(labels.map(), pixel, 1, 2) && !carries(labels.map(), pixel, 3, 3);
                truth.addAndGet(image, holds[pixel] ? 1 : 0);
            }
            return new OfImage() {
                @Override
                public void accept(int unit, float[] map, MaskPixels mask) {
                    assertTrue(mask.count() > 0, "maps without mask are of no use");
                    activation.addAndGet(unit, mask.count());
                    for (int i = 0; i < mask.count(); i++) {
                        intersect.addAndGet(unit, holds[mask.pixels()[i]] ? 1 : 0);
                    }
                }

                @Override
                public void end() {
                    ended.incrementAndGet(image);
                }
            };
        }

        private static boolean carries(LabelMap labels, int pixel, int from, int to) {
            return Arrays.stream(labels.planes()).anyMatch(plane -> plane[pixel] >= from && plane[pixel] <= to);
        }
    }

    /** Source of the blocks, which counts the maps that are read. */
    private final class Source implements MapSource {
        @Override
        public ActivationShape shape() {
            return SHAPE;
        }

        @Override
        public int chunks() {
            return blocks.size();
        }

        @Override
        public int chunkImages() {
            return CHUNK;
        }

        @Override
        public int bufferBytes() {
            return 0;
        }

        @Override
        public MapBlock read(int chunk, ByteBuffer buffer) {
            return blocks.get(chunk);
        }
    }

    private MaskCounts newCounts() {
        return new MaskCounts(UNITS, 4, 2, ImageParts.WHOLE);
    }

    private Alignment alignment(boolean negated, MaskConsumer... consumers) {
        MaskRule rule =
                new MaskRule(negated ? lower().negated() : thresholds, NodePlacement.HALF_PIXEL, Comparison.ABOVE);
        return new Alignment(
                probe, AlignmentRules.PAPER, List.of(new Alignment.Target(0, negated, rule, List.of(consumers))));
    }

    private static Thresholds lower() {
        float[] lower = new float[UNITS];
        Arrays.fill(lower, -24);
        return new Thresholds(lower);
    }

    private void assertPeaks(Peaks peaks, int sign) {
        for (int image = 0; image < IMAGES; image++) {
            for (int unit = 0; unit < UNITS; unit++) {
                float greatest = Float.NEGATIVE_INFINITY;
                for (float value : values[image][unit]) {
                    greatest = Math.max(greatest, sign * value);
                }
                assertEquals(greatest, peaks.peaks[image][unit], "image " + image + ", unit " + unit);
            }
        }
    }

    private void assertFormula(Formula formula, boolean negated) {
        long[] intersect = new long[UNITS];
        long[] activation = new long[UNITS];
        for (int image = 0; image < IMAGES; image++) {
            int truth = 0;
            for (int pixel = 0; pixel < GRID.cells(); pixel++) {
                boolean holds = planes[image][0][pixel] > 0 && planes[image][1][pixel] == 0;
                truth += holds ? 1 : 0;
                for (int unit = 0; unit < UNITS; unit++) {
                    float value = values[image][unit][pixel];
                    boolean masked = negated ? value < -24 : value > thresholds.of(unit);
                    activation[unit] += masked ? 1 : 0;
                    intersect[unit] += masked && holds ? 1 : 0;
                }
            }
            assertEquals(truth, formula.truth.get(image));
            assertEquals(1, formula.ended.get(image));
        }
        for (int unit = 0; unit < UNITS; unit++) {
            assertEquals(activation[unit], formula.activation.get(unit));
            assertEquals(intersect[unit], formula.intersect.get(unit));
        }
        assertTrue(Arrays.stream(intersect).sum() > 0, "something to compare");
    }

    @Test
    void otherConsumersAreFedBesideThoseOfADissection() throws IOException {
        MaskCounts alone = newCounts();
        alignment(false, alone).run(List.of(new Source()), 1, ProgressListener.NONE);
        for (int threads : new int[] {1, 4}) {
            for (boolean negated : new boolean[] {false, true}) {
                MaskCounts counts = newCounts();
                Peaks peaks = new Peaks();
                Formula formula = new Formula();
                TopImages top = new TopImages(UNITS, 2);
                alignment(negated, counts, peaks, top, formula)
                        .run(List.of(new Source()), threads, ProgressListener.NONE);
                assertPeaks(peaks, negated ? -1 : 1);
                assertFormula(formula, negated);
                for (int unit = 0; unit < UNITS; unit++) {
                    TopImages.Entry first = top.of(unit).get(0);
                    assertEquals(peaks.peaks[first.image()][unit], first.activation());
                    if (!negated) {
                        assertEquals(
                                alone.all().intersect(unit, 1), counts.all().intersect(unit, 1));
                    }
                }
            }
        }
    }

    private Alignment alignmentOfCandidates(boolean hasGreatest, MaskConsumer... consumers) throws IOException {
        CandidateMaps candidates =
                CandidateMaps.of(SHAPE, 0, hasGreatest, new BlockPool(1L << 26)).orElseThrow();
        scan(Optional.of(candidates));
        Alignment alignment = alignment(false, consumers);
        if (alignment.isCoveredBy(candidates, 0)) {
            alignment.run(List.of(candidates.alone()), 2, ProgressListener.NONE);
        } else {
            assertFalse(hasGreatest);
        }
        return alignment;
    }

    @Test
    void candidatesFeedThemTooIfTheyHaveTheGreatestOfEveryMap() throws IOException {
        Peaks peaks = new Peaks();
        Formula formula = new Formula();
        alignmentOfCandidates(true, peaks, formula);
        assertPeaks(peaks, 1);
        assertFormula(formula, false);

        Formula alone = new Formula();
        alignmentOfCandidates(false, alone);
        assertFormula(alone, false);

        Peaks lacking = new Peaks();
        alignmentOfCandidates(false, lacking);
        assertArrayEquals(
                new float[IMAGES][UNITS], lacking.peaks, "nothing was taken from maps that lack the greatest");
    }

    /** Block whose maps have no value above 1. */
    private static final class Limited implements MapBlock {
        private final List<Integer> read = new ArrayList<>();

        @Override
        public int firstImage() {
            return 0;
        }

        @Override
        public int images() {
            return 1;
        }

        @Override
        public int units() {
            return UNITS;
        }

        @Override
        public GridSize map() {
            return GRID;
        }

        @Override
        public float limit(int image, int unit) {
            return 1;
        }

        @Override
        public void read(int image, int unit, float[] target) {
            read.add(unit);
            Arrays.fill(target, 1);
        }
    }

    @Test
    void mapsThatNoConsumerNeedsAreNotRead() throws IOException {
        MaskConsumer needsSome = new MaskConsumer() {
            @Override
            public float needsAbove(int unit, int image) {
                return unit == 3 ? 0 : 1;
            }

            @Override
            public OfImage begin(int image, ImageLabels labels) {
                return (unit, map, mask) -> assertEquals(3, unit);
            }
        };
        Limited block = new Limited();
        thresholds = new Thresholds(new float[] {1, 1, 1, 2, 5});
        BlockAligner aligner = alignment(false, newCounts(), needsSome).newAligner();
        aligner.begin(0, 1);
        aligner.align(0, block);
        assertEquals(List.of(3), block.read);
    }
}
