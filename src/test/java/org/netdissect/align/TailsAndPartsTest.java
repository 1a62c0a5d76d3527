package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.GridSize;
import org.netdissect.base.Tail;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.TinyProbe;

/** Masks of the lower tail and counts by parts of the images, compared with the definition pixel by pixel. */
class TailsAndPartsTest {
    private static final GridSize IMAGE = new GridSize(8, 8);
    private static final GridSize GRID = new GridSize(4, 5);
    private static final List<String> SPLITS = List.of("val", "train");
    private static final int UNITS = 3;

    @TempDir
    Path folder;

    /** [images][label pixels] */
    private int[][] planes = {};

    private ProbeSet probe(String name, int images, Random random) throws IOException {
        TinyProbe probe = TinyProbe.in(folder.resolve(name))
                .category("object")
                .category("part")
                .label(1, "cat", "object", 2)
                .label(2, "dog", "object", 1)
                .label(3, "wheel", "part", 1);
        planes = new int[images][GRID.cells()];
        for (int image = 0; image < images; image++) {
            String[] rows = new String[GRID.height()];
            int most = image % 3 == 2 ? 3 : 4;
            for (int y = 0; y < rows.length; y++) {
                StringBuilder row = new StringBuilder();
                for (int x = 0; x < GRID.width(); x++) {
                    int label = random.nextInt(most);
                    planes[image][y * GRID.width() + x] = label;
                    row.append(label).append(' ');
                }
                rows[y] = row.toString();
            }
            probe.image("i" + image + ".png", image % 5 < 2 ? "train" : "val", IMAGE, image, GRID)
                    .plane("object", rows);
        }
        return probe.open();
    }

    /** Multiples of 1/8, which are exact in half precision, with many ties and zeros of both signs. */
    private static float[][][] values(int images, GridSize map, Random random) {
        float[][][] values = new float[images][UNITS][map.cells()];
        for (float[][] image : values) {
            for (float[] unit : image) {
                for (int i = 0; i < unit.length; i++) {
                    unit[i] = (random.nextInt(33) - 16) / 8f;
                    if (random.nextInt(3) == 0) {
                        unit[i] = random.nextBoolean() ? 0f : -0f;
                    }
                }
            }
        }
        return values;
    }

    private static ActivationBlock block(float[][][] values, GridSize map, Precision precision) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * UNITS * map.cells() * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (float[][] image : values) {
            for (float[] unit : image) {
                for (float value : unit) {
                    bytes.putFloat(value);
                }
            }
        }
        return ActivationBlock.computed(0, values.length, UNITS, map, precision, bytes.flip());
    }

    private static void align(ProbeSet probe, Comparison comparison, ActivationBlock block, List<CountedTarget> targets)
            throws IOException {
        AlignmentRules rules =
                new AlignmentRules(comparison, ActivationImages.HOLDING, PixelLabels.ONCE, LabelZero.IGNORED);
        BlockAligner aligner = CountedTarget.align(probe, rules, targets).newAligner();
        aligner.begin(0, probe.images().size());
        aligner.align(0, block);
    }

    private static CountedTarget target(
            ProbeSet probe, Comparison comparison, Tail tail, float threshold, TopImages top, ImageParts parts) {
        float[] thresholds = new float[UNITS];
        Arrays.fill(thresholds, threshold);
        return CountedTarget.of(
                probe, 0, tail, new Thresholds(thresholds), NodePlacement.HALF_PIXEL, comparison, parts, top);
    }

    private static double value(float[] map, GridSize size, int pixel) {
        int row = pixel / GRID.width();
        double v = clamp((row + 0.5) * size.height() / GRID.height() - 0.5, size.height() - 1);
        double u = clamp((pixel % GRID.width() + 0.5) * size.width() / GRID.width() - 0.5, size.width() - 1);
        int y = (int) v;
        int x = (int) u;
        int y1 = Math.min(y + 1, size.height() - 1);
        int x1 = Math.min(x + 1, size.width() - 1);
        double a = map[y * size.width() + x];
        double b = map[y * size.width() + x1];
        double c = map[y1 * size.width() + x];
        double d = map[y1 * size.width() + x1];
        double top = a + (u - x) * (b - a);
        return top + (v - y) * (c + (u - x) * (d - c) - top);
    }

    private static double clamp(double value, int most) {
        return Math.min(Math.max(value, 0), most);
    }

    private static boolean isMasked(double value, Tail tail, float threshold, Comparison comparison) {
        if (value == threshold) {
            return comparison == Comparison.AT_LEAST;
        }
        return tail == Tail.LOWER ? value < threshold : value > threshold;
    }

    private void assertEqualsNaive(
            float[][][] values,
            GridSize map,
            Tail tail,
            float threshold,
            Comparison comparison,
            IntPredicate images,
            AlignmentCounts counts) {
        long[] truth = new long[4];
        long[][] intersect = new long[UNITS][4];
        long[][] activation = new long[UNITS][2];
        for (int image = 0; image < values.length; image++) {
            if (!images.test(image)) {
                continue;
            }
            int[] plane = planes[image];
            boolean[] holds = {
                Arrays.stream(plane).anyMatch(label -> label == 1 || label == 2),
                Arrays.stream(plane).anyMatch(label -> label == 3)
            };
            for (int pixel = 0; pixel < plane.length; pixel++) {
                truth[plane[pixel]]++;
                for (int unit = 0; unit < UNITS; unit++) {
                    if (isMasked(value(values[image][unit], map, pixel), tail, threshold, comparison)) {
                        intersect[unit][plane[pixel]]++;
                        activation[unit][0] += holds[0] ? 1 : 0;
                        activation[unit][1] += holds[1] ? 1 : 0;
                    }
                }
            }
        }
        String where = tail + " of " + map + " maps at " + threshold + ", " + comparison;
        for (int label = 1; label < 4; label++) {
            assertEquals(truth[label], counts.truth(label), where);
            for (int unit = 0; unit < UNITS; unit++) {
                assertEquals(intersect[unit][label], counts.intersect(unit, label), where);
            }
        }
        for (int unit = 0; unit < UNITS; unit++) {
            assertEquals(activation[unit][0], counts.activation(unit, 0), where);
            assertEquals(activation[unit][1], counts.activation(unit, 1), where);
        }
    }

    @Test
    void bothTailsOfOneSourceEqualTheDefinitionAndPartsAddUp() throws IOException {
        Random random = new Random(3);
        for (int images : new int[] {1, 2, 23}) {
            ProbeSet probe = probe("probe" + images, images, random);
            for (GridSize map : List.of(new GridSize(1, 1), new GridSize(3, 4), new GridSize(5, 2))) {
                float[][][] values = values(images, map, random);
                for (Precision precision : Precision.values()) {
                    for (Comparison comparison : Comparison.values()) {
                        compare(probe, values, map, precision, comparison);
                    }
                }
            }
        }
    }

    private void compare(ProbeSet probe, float[][][] values, GridSize map, Precision precision, Comparison comparison)
            throws IOException {
        float[] thresholds = {0f, -0f, -0.5f, 0.5f, -2f, 3f};
        ImageParts parts = ImageParts.of(probe.splits(), SPLITS);
        List<CountedTarget> targets = new ArrayList<>();
        for (float threshold : thresholds) {
            for (Tail tail : Tail.values()) {
                targets.add(target(probe, comparison, tail, threshold, new TopImages(UNITS, 0), parts));
            }
        }
        align(probe, comparison, block(values, map, precision), targets);
        for (int i = 0; i < targets.size(); i++) {
            Tail tail = targets.get(i).tail();
            float threshold = thresholds[i / 2];
            assertEqualsNaive(
                    values,
                    map,
                    tail,
                    threshold,
                    comparison,
                    image -> true,
                    targets.get(i).counts());
            for (int part = 0; part < SPLITS.size(); part++) {
                String split = SPLITS.get(part);
                IntPredicate own = image -> probe.images().get(image).split().equals(split);
                AlignmentCounts apart = targets.get(i).masks().parts().get(part);
                assertEqualsNaive(values, map, tail, threshold, comparison, own, apart);
            }
            assertSum(targets.get(i).counts(), targets.get(i).masks().parts());
        }
    }

    private static void assertSum(AlignmentCounts whole, List<AlignmentCounts> parts) {
        for (int label = 0; label < whole.labels(); label++) {
            int number = label;
            assertEquals(
                    whole.truth(label),
                    parts.stream().mapToLong(part -> part.truth(number)).sum());
            for (int unit = 0; unit < UNITS; unit++) {
                int channel = unit;
                assertEquals(
                        whole.intersect(unit, label),
                        parts.stream()
                                .mapToLong(part -> part.intersect(channel, number))
                                .sum());
            }
        }
    }

    @Test
    void aUnitOfTheLowerTailWithoutAThresholdMarksNothing() throws IOException {
        ProbeSet probe = probe("tied", 4, new Random(1));
        GridSize map = new GridSize(2, 2);
        float[][][] zeros = new float[4][UNITS][map.cells()];
        List<CountedTarget> targets = new ArrayList<>();
        for (float threshold : new float[] {Float.NEGATIVE_INFINITY, 0}) {
            TopImages top = new TopImages(UNITS, 1);
            targets.add(target(probe, Comparison.AT_LEAST, Tail.LOWER, threshold, top, ImageParts.WHOLE));
        }
        align(probe, Comparison.AT_LEAST, block(zeros, map, Precision.FLOAT32), targets);
        assertEquals(0, targets.get(0).counts().activation(0, 0));
        assertTrue(targets.get(1).counts().activation(0, 0) > 0, "zeros are at most 0");
    }

    @Test
    void topImagesOfTheLowerTailAreThoseOfLeastActivation() throws IOException {
        ProbeSet probe = probe("top", 3, new Random(1));
        GridSize map = new GridSize(1, 2);
        float[][][] values = {
            {{1, -3}, {0, 0}, {1, 1}}, {{-5, 2}, {0, -1}, {1, 1}}, {{7, 7}, {-0.5f, 0}, {1, 1}},
        };
        TopImages top = new TopImages(UNITS, 2);
        align(
                probe,
                Comparison.ABOVE,
                block(values, map, Precision.FLOAT32),
                List.of(target(probe, Comparison.ABOVE, Tail.LOWER, -4, top, ImageParts.WHOLE)));
        assertEquals(
                List.of(1, 0), top.of(0).stream().map(TopImages.Entry::image).toList());
        assertEquals(5, top.of(0).get(0).activation(), "the least activation, negated");
        assertEquals(2 * 4, top.of(0).get(0).mask().size(), "two columns of five");
        assertEquals(0, top.of(0).get(1).mask().size(), "-3 is not below -4");
        assertEquals(
                List.of(1, 2), top.of(1).stream().map(TopImages.Entry::image).toList());
        assertEquals(
                List.of(0, 1), top.of(2).stream().map(TopImages.Entry::image).toList());
    }

    /** Maps have the size of the label grid, so that masks need no resizing. */
    @Test
    void whatHoldsInAnotherPartByHand() throws IOException {
        GridSize two = new GridSize(2, 2);
        ProbeSet probe = TinyProbe.in(folder.resolve("hand"))
                .category("object")
                .label(1, "cat", "object", 2)
                .label(2, "dog", "object", 1)
                .image("a.png", "train", IMAGE, 1, two)
                .plane("object", "1 1", "2 0")
                .image("b.png", "val", IMAGE, 1, two)
                .plane("object", "1 2", "2 2")
                .open();
        float[][][] values = {
            // cats in both; cats, then dogs; nothing, then dogs
            {{9, 9, 0, 0}, {9, 9, 0, 0}, {0, 0, 0, 0}}, {{9, 0, 0, 0}, {0, 9, 9, 9}, {0, 9, 0, 0}},
        };
        ImageParts parts = ImageParts.of(probe.splits(), List.of("train", "val"));
        CountedTarget target = target(probe, Comparison.ABOVE, Tail.UPPER, 5, new TopImages(UNITS, 0), parts);
        align(probe, Comparison.ABOVE, block(values, two, Precision.FLOAT32), List.of(target));
        PartScores scores =
                new PartScores(target.masks().parts(), probe.labels(), target.thresholds(), LabelZero.IGNORED, 0.04);
        assertEquals(1, scores.of(0, 0).best().label());
        assertEquals(1.0, scores.iou(0, 1, 0));
        assertEquals(2, scores.of(1, 1).best().label());
        assertEquals(0.0, scores.iou(0, 1, 1), "what was a cat's detector sees dogs");
        assertEquals(0.0, scores.iou(1, 0, 1));
        assertEquals(0.0, scores.iou(0, 1, 2), "no label, nothing that could hold");
        assertFalse(scores.isDetector(0, 2));
        assertEquals(1 / 3.0, scores.of(1, 2).best().iou());
        assertEquals(List.of(2, 3), List.of(scores.detectors(0), scores.detectors(1)));
        assertEquals(List.of(1, 1), List.of(scores.holding(0, 1), scores.holding(1, 0)));
        assertEquals(1, parts.images(0));
    }
}
