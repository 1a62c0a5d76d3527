package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.GridSize;
import org.netdissect.labels.LabelSource;
import org.netdissect.labels.MemoryLabels;

/** Alignment with labels from memory, of all images at once and of parts of them. */
class PartsOfImagesTest {
    private static final int UNITS = 4;
    private static final int LABELS = 7;

    private static MemoryLabels labels(int images, Random random) {
        MemoryLabels labels = new MemoryLabels(List.of("object", "scene"), LABELS);
        for (int image = 0; image < images; image++) {
            GridSize grid = new GridSize(1 + random.nextInt(5), 1 + random.nextInt(5));
            char[][] planes = new char[random.nextInt(3)][grid.cells()];
            for (char[] plane : planes) {
                for (int pixel = 0; pixel < plane.length; pixel++) {
                    plane[pixel] = (char) random.nextInt(LABELS + 1);
                }
            }
            int[] covering = random.nextBoolean() ? new int[0] : new int[] {1 + random.nextInt(LABELS)};
            labels.add(grid, covering, planes);
        }
        return labels;
    }

    private static float[][][] activations(int images, GridSize map, Random random) {
        float[][][] activations = new float[images][UNITS][map.cells()];
        for (float[][] image : activations) {
            for (int unit = 1; unit < UNITS; unit++) {
                for (int cell = 0; cell < map.cells(); cell++) {
                    image[unit][cell] = random.nextInt(4);
                }
            }
        }
        return activations;
    }

    /** Aligns some of the images, which keep their positions among all. */
    private static AlignmentResult align(
            LabelSource labels, float[][][] activations, GridSize map, List<Integer> images, int top)
            throws IOException {
        Thresholds thresholds = new Thresholds(new float[] {0, 1, 1.5f, 2});
        CountedTarget target = CountedTarget.of(labels, 0, thresholds, Comparison.ABOVE, new TopImages(UNITS, top));
        Alignment alignment = CountedTarget.align(labels, AlignmentRules.PAPER, List.of(target));
        BlockAligner aligner = alignment.newAligner();
        for (int image : images) {
            aligner.begin(image, 1);
            aligner.align(0, block(activations[image], image, map));
        }
        return new AlignmentResult(target.masks().parts(), target.top());
    }

    private static ActivationBlock block(float[][] maps, int image, GridSize map) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(UNITS * map.cells() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int unit = 0; unit < UNITS; unit++) {
            bytes.asFloatBuffer().put(unit * map.cells(), maps[unit]);
        }
        return ActivationBlock.computed(image, 1, UNITS, map, Precision.FLOAT32, bytes);
    }

    private static ByteBuffer bytes(AlignmentCounts counts, TopImages top) {
        PackedOutput out = new PackedOutput();
        counts.write(out);
        top.write(out);
        return out.end();
    }

    @Test
    void countsAndTopImagesOfPartsAddUp() throws IOException {
        Random random = new Random(17);
        for (int round = 0; round < 60; round++) {
            int images = round < 5 ? 1 : 1 + random.nextInt(30);
            GridSize map = round % 3 == 0 ? new GridSize(1, 1) : new GridSize(1 + random.nextInt(4), 3);
            MemoryLabels labels = labels(images, random);
            float[][][] activations = activations(images, map, random);
            List<Integer> all =
                    new ArrayList<>(IntStream.range(0, images).boxed().toList());
            AlignmentResult whole = align(labels, activations, map, all, 3);

            Collections.shuffle(all, random);
            List<AlignmentCounts> counts = new ArrayList<>();
            TopImages top = new TopImages(UNITS, 3);
            for (int from = 0; from < images; ) {
                int until = from + 1 + random.nextInt(images - from);
                AlignmentResult part = align(labels, activations, map, all.subList(from, until), 3);
                counts.add(part.counts());
                top.merge(part.top());
                from = until;
            }
            Collections.shuffle(counts, random);
            assertEquals(bytes(whole.counts(), whole.top()), bytes(AlignmentCounts.sum(counts), top));
        }
    }

    /** Class labels cover whole images, and the mask of a map of one cell covers all of an image or nothing. */
    @Test
    void classesOfImagesByHand() throws IOException {
        GridSize grid = new GridSize(2, 3);
        MemoryLabels labels = new MemoryLabels(List.of("class"), 2);
        for (int number : new int[] {1, 2, 1}) {
            labels.add(grid, new int[] {number});
        }
        float[][][] activations = new float[3][UNITS][1];
        activations[0][1][0] = 5;
        activations[1][1][0] = 5;
        AlignmentCounts counts = align(labels, activations, new GridSize(1, 1), List.of(0, 1, 2), 1)
                .counts();
        assertEquals(12, counts.truth(1));
        assertEquals(6, counts.truth(2));
        assertEquals(6, counts.intersect(1, 1));
        assertEquals(6, counts.intersect(1, 2));
        assertEquals(12, counts.activation(1, 0));
        assertEquals(0, counts.activation(0, 0));
    }
}
