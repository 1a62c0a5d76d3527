package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;

class MaskKernelTest {
    /** Resized map by the definition: centres at (i + 0.5) / size, edges clamped. */
    private static double[] resize(float[] map, GridSize from, GridSize to, NodePlacement interpolation) {
        double[] resized = new double[to.cells()];
        for (int y = 0; y < to.height(); y++) {
            double v = place(interpolation.rows(), y, from.height(), to.height());
            int top = (int) Math.floor(v);
            int bottom = Math.min(top + 1, from.height() - 1);
            for (int x = 0; x < to.width(); x++) {
                double u = place(interpolation.columns(), x, from.width(), to.width());
                int left = (int) Math.floor(u);
                int right = Math.min(left + 1, from.width() - 1);
                double upper = lerp(map[top * from.width() + left], map[top * from.width() + right], u - left);
                double lower = lerp(map[bottom * from.width() + left], map[bottom * from.width() + right], u - left);
                resized[y * to.width() + x] = lerp(upper, lower, v - top);
            }
        }
        return resized;
    }

    private static double place(AxisPlacement placement, int pixel, int nodes, int pixels) {
        double place;
        if (placement instanceof AxisPlacement.FieldCentres axis) {
            double imagePixel = (pixel + 0.5) * axis.extent() / pixels - 0.5;
            place = (imagePixel - axis.centre()) / axis.stride();
        } else if (placement instanceof AxisPlacement.WholePixels axis) {
            int reduction = (int) Math.round((double) axis.extent() / pixels);
            int first = (int) Math.floor((axis.size() / 2 + axis.start()) / (double) reduction);
            place = (pixel - first) / Math.floor(axis.stride() / (double) reduction);
        } else if (placement.equals(AxisPlacement.HALF_PIXEL)) {
            place = (pixel + 0.5) / pixels * nodes - 0.5;
        } else {
            place = pixels == 1 ? 0 : pixel * (nodes - 1.0) / (pixels - 1.0);
        }
        return Math.min(Math.max(place, 0), nodes - 1);
    }

    /** Every kind of placement, with whole and half centres before, on and after the first pixels. */
    private static List<NodePlacement> placements(Random random, GridSize labels) {
        int height = labels.height() * (1 + random.nextInt(3));
        int width = labels.width() * (1 + random.nextInt(3));
        return List.of(
                NodePlacement.HALF_PIXEL,
                NodePlacement.ALIGN_CORNERS,
                new NodePlacement(
                        new AxisPlacement.FieldCentres(height, random.nextInt(40) / 2.0 - 5, 1 + random.nextInt(9)),
                        new AxisPlacement.FieldCentres(width + 1, random.nextInt(40) / 2.0 - 5, 1 + random.nextInt(9))),
                new NodePlacement(
                        new AxisPlacement.WholePixels(
                                height, random.nextInt(30) - 20, 1 + random.nextInt(30), 3 + random.nextInt(6)),
                        new AxisPlacement.WholePixels(
                                width, random.nextInt(30) - 20, 1 + random.nextInt(30), 3 + random.nextInt(6))));
    }

    private static double lerp(double a, double b, double weight) {
        return a + weight * (b - a);
    }

    private static int[] mask(float[] map, GridSize from, GridSize to, NodePlacement interpolation, float threshold) {
        MaskKernel kernel = new MaskKernel(from, to, interpolation);
        int count = kernel.find(map, threshold);
        int[] pixels = Arrays.copyOf(kernel.pixels(), count);
        Arrays.sort(pixels);
        return pixels;
    }

    /** Rows of text with # for each pixel of the mask. */
    private static String draw(int[] pixels, GridSize size) {
        StringBuilder text = new StringBuilder();
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                text.append(Arrays.binarySearch(pixels, y * size.width() + x) >= 0 ? '#' : '.');
            }
            text.append('\n');
        }
        return text.toString();
    }

    @Test
    void aPeakByHand() {
        float[] map = {0, 0, 4, 0};
        GridSize labels = new GridSize(4, 4);
        // half-pixel: weights of the lower left node are 0, 1/4, 3/4, 1 by row and 1, 3/4, 1/4, 0 by column
        assertEquals("""
                ....
                ....
                ##..
                ##..
                """, draw(mask(map, new GridSize(2, 2), labels, NodePlacement.HALF_PIXEL, 2), labels));
        // align-corners: 0, 1/3, 2/3, 1 and 1, 2/3, 1/3, 0: 4 * 2/3 * 2/3 is below 2
        assertEquals("""
                ....
                ....
                #...
                ##..
                """, draw(mask(map, new GridSize(2, 2), labels, NodePlacement.ALIGN_CORNERS, 2), labels));
    }

    @Test
    void unitsAtTheCentresOfTheirFieldsByHand() {
        GridSize labels = new GridSize(1, 8);
        float[] map = {0, 4};
        // label pixels are 2 image pixels wide, with centres at 0.5, 2.5, ... 14.5; the cells are at 3 and 11
        NodePlacement fields =
                new NodePlacement(new AxisPlacement.FieldCentres(16, 3, 8), new AxisPlacement.FieldCentres(16, 3, 8));
        // 4 * (x - 3) / 8 > 2 for x > 7, from 8.5 on
        assertEquals("....####\n", draw(mask(map, new GridSize(1, 2), labels, fields, 2), labels));
        assertEquals("....####\n", draw(mask(map, new GridSize(1, 2), labels, fields, 2.7f), labels));
        assertEquals(".....###\n", draw(mask(map, new GridSize(1, 2), labels, fields, 2.75f), labels));
        // in whole label pixels: r = 2, cell 0 at (7 / 2 + 0) / 2 = 1, cell 1 at 1 + 8 / 2 = 5
        NodePlacement whole = new NodePlacement(
                new AxisPlacement.WholePixels(16, 0, 7, 8), new AxisPlacement.WholePixels(16, 0, 7, 8));
        assertEquals("....####\n", draw(mask(map, new GridSize(1, 2), labels, whole, 2), labels));
        assertEquals(".....###\n", draw(mask(map, new GridSize(1, 2), labels, whole, 3), labels));
    }

    @Test
    void theComparisonIsStrict() {
        GridSize one = new GridSize(1, 1);
        GridSize labels = new GridSize(3, 2);
        float[] map = {1.1f};
        assertEquals(0, mask(map, one, labels, NodePlacement.HALF_PIXEL, 1.1f).length);
        assertEquals(6, mask(map, one, labels, NodePlacement.HALF_PIXEL, Math.nextDown(1.1f)).length);
    }

    @Test
    void aConstantMapHasNoPixelAboveItsValue() {
        Random random = new Random(2);
        for (int round = 0; round < 200; round++) {
            GridSize size = new GridSize(1 + random.nextInt(15), 1 + random.nextInt(15));
            float[] map = new float[size.cells()];
            Arrays.fill(map, (float) random.nextGaussian());
            GridSize labels = new GridSize(112, 112);
            assertEquals(0, mask(map, size, labels, NodePlacement.HALF_PIXEL, map[0]).length);
        }
    }

    @Test
    void equalsTheDefinitionOnRandomAndNastyMaps() {
        Random random = new Random(1);
        for (int round = 0; round < 400; round++) {
            GridSize from = new GridSize(1 + random.nextInt(16), 1 + random.nextInt(16));
            GridSize to = new GridSize(1 + random.nextInt(30), 1 + random.nextInt(30));
            float[] map = new float[from.cells()];
            for (int i = 0; i < map.length; i++) {
                map[i] = switch (round % 4) {
                    case 0 -> (float) random.nextGaussian();
                    case 1 -> random.nextInt(3);
                    case 2 -> (float) Math.max(0, random.nextGaussian() - 1.5);
                    default -> random.nextFloat() * Float.MIN_NORMAL;
                };
            }
            float threshold = round % 5 == 0 ? 0 : map[random.nextInt(map.length)];
            for (NodePlacement interpolation : placements(random, to)) {
                double[] resized = resize(map, from, to, interpolation);
                boolean[] inMask = new boolean[to.cells()];
                for (int pixel : mask(map, from, to, interpolation, threshold)) {
                    inMask[pixel] = true;
                }
                for (int pixel = 0; pixel < resized.length; pixel++) {
                    double distance = resized[pixel] - threshold;
                    // another order of operations may change a value by a few ulps of a double, and thus resolve a tie
                    if (Math.abs(distance) > 1e-12 * (Math.abs(threshold) + Float.MIN_NORMAL)) {
                        assertEquals(distance > 0, inMask[pixel], from + " to " + to + " " + interpolation);
                    }
                }
            }
        }
    }

    @Test
    void eachPixelIsFoundOnce() {
        GridSize labels = new GridSize(113, 97);
        float[] map = new float[14 * 14];
        Arrays.fill(map, 1);
        int[] all = new int[labels.cells()];
        Arrays.setAll(all, i -> i);
        for (NodePlacement interpolation : placements(new Random(3), labels)) {
            assertArrayEquals(all, mask(map, new GridSize(14, 14), labels, interpolation, 0.5f));
        }
    }
}
