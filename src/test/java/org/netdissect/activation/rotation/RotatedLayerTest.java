package org.netdissect.activation.rotation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.LayerActivations;
import org.netdissect.activation.Precision;
import org.netdissect.activation.threshold.MapScan;
import org.netdissect.activation.threshold.SharedScan;
import org.netdissect.base.GridSize;

class RotatedLayerTest {

    /** Layer in memory, {@code [images][units][cells]}. */
    private static final class MemoryLayer implements LayerActivations {
        private final float[][][] values;
        private final GridSize map;
        private final int chunkImages;
        private final Precision precision;

        MemoryLayer(float[][][] values, GridSize map, int chunkImages, Precision precision) {
            this.values = values;
            this.map = map;
            this.chunkImages = chunkImages;
            this.precision = precision;
        }

        @Override
        public int chunkImages() {
            return chunkImages;
        }

        @Override
        public String layer() {
            return "layer";
        }

        @Override
        public ActivationShape shape() {
            return new ActivationShape(values.length, values[0].length, map);
        }

        @Override
        public int chunks() {
            return (values.length + chunkImages - 1) / chunkImages;
        }

        @Override
        public int bufferBytes() {
            return chunkImages * shape().valuesPerImage() * Float.BYTES;
        }

        @Override
        public ActivationBlock read(int chunk, ByteBuffer buffer) {
            int images = Math.min(chunkImages, values.length - firstImage(chunk));
            buffer.clear().order(ByteOrder.LITTLE_ENDIAN).limit(images * shape().valuesPerImage() * Float.BYTES);
            for (int image = 0; image < images; image++) {
                for (float[] unit : values[firstImage(chunk) + image]) {
                    for (float value : unit) {
                        buffer.putFloat(value);
                    }
                }
            }
            return ActivationBlock.computed(firstImage(chunk), images, shape().units(), map, precision, buffer.flip());
        }
    }

    private static float[][][] random(Random random, int images, int units, int cells) {
        float[][][] values = new float[images][units][cells];
        for (float[][] image : values) {
            for (float[] unit : image) {
                for (int cell = 0; cell < cells; cell++) {
                    // as after a ReLU: many zeros, and sometimes a value of another scale
                    double value = random.nextGaussian() * (random.nextInt(50) == 0 ? 1000 : 1);
                    unit[cell] = (float) Math.max(random.nextInt(4) == 0 ? -1e3 : 0, value);
                }
            }
        }
        return values;
    }

    private static float[][][] readAll(LayerActivations layer) throws IOException {
        float[][][] all = new float[layer.shape().images()][layer.shape().units()]
                [layer.shape().map().cells()];
        layer.replay(block -> {
            for (int image = 0; image < block.images(); image++) {
                for (int unit = 0; unit < block.units(); unit++) {
                    block.read(image, unit, all[block.firstImage() + image][unit]);
                }
            }
        });
        return all;
    }

    /** Asserts the sum in the documented order, and its distance from the sum in double precision. */
    private static void assertProduct(float[][][] values, double[][] matrix, float[][][] product) {
        int units = matrix.length;
        for (int image = 0; image < values.length; image++) {
            for (int cell = 0; cell < values[image][0].length; cell++) {
                for (int unit = 0; unit < units; unit++) {
                    float single = 0;
                    double exact = 0;
                    double size = 0;
                    for (int k = 0; k < units; k++) {
                        single += (float) matrix[unit][k] * values[image][k][cell];
                        exact += matrix[unit][k] * values[image][k][cell];
                        size += Math.abs(matrix[unit][k] * values[image][k][cell]);
                    }
                    assertEquals(single, product[image][unit][cell], "image " + image + ", unit " + unit);
                    // the matrix, each product and each sum are rounded: at most n + 2 times, each by a relative 2^-24
                    assertEquals(exact, product[image][unit][cell], (units + 2) * 0x1p-24 * 1.01 * size);
                }
            }
        }
    }

    @Test
    void everyCellsVectorIsMultiplied() throws IOException {
        Random random = new Random(1);
        int[][] shapes = {{1, 1, 1, 1}, {9, 1, 3, 2}, {5, 7, 1, 1}, {3, 4, 5, 7}, {17, 33, 2, 2}, {2, 19, 23, 24}};
        for (int[] shape : shapes) {
            GridSize map = new GridSize(shape[2], shape[3]);
            float[][][] values = random(random, shape[0], shape[1], map.cells());
            double[][] matrix = Rotation.random(shape[1], 11).power(0.7);
            float[][][] first = readAll(new RotatedLayer(new MemoryLayer(values, map, 8, Precision.FLOAT32), matrix));
            assertProduct(values, matrix, first);
            for (int chunk : new int[] {1, 2, 4}) {
                float[][][] other =
                        readAll(new RotatedLayer(new MemoryLayer(values, map, chunk, Precision.FLOAT32), matrix));
                for (int image = 0; image < values.length; image++) {
                    assertArrayEquals(first[image], other[image], "chunks of " + chunk);
                }
            }
        }
    }

    @Test
    void theIdentityChangesNothing() throws IOException {
        float[][][] values = random(new Random(2), 5, 13, 12);
        values[1] = new float[13][12];
        GridSize map = new GridSize(3, 4);
        double[][] identity = Rotation.random(13, 1).power(0);
        float[][][] same = readAll(new RotatedLayer(new MemoryLayer(values, map, 2, Precision.FLOAT32), identity));
        for (int image = 0; image < 5; image++) {
            for (int unit = 0; unit < 13; unit++) {
                for (int cell = 0; cell < 12; cell++) {
                    assertEquals(values[image][unit][cell] + 0f, same[image][unit][cell]);
                }
            }
        }
    }

    /** In half precision the rounded activations are multiplied, and the product is not rounded again. */
    @Test
    void halfPrecisionIsMultipliedInSingle() throws IOException {
        float[][][] values = random(new Random(3), 6, 9, 6);
        MemoryLayer half = new MemoryLayer(values, new GridSize(2, 3), 4, Precision.FLOAT16);
        double[][] matrix = Rotation.random(9, 2).power(1);
        assertProduct(readAll(half), matrix, readAll(new RotatedLayer(half, matrix)));
    }

    @Test
    void aBufferMayBeSharedWithAnotherLayer() throws IOException {
        float[][][] values = random(new Random(4), 8, 3, 4);
        MemoryLayer source = new MemoryLayer(values, new GridSize(2, 2), 4, Precision.FLOAT32);
        RotatedLayer rotated = new RotatedLayer(source, Rotation.random(3, 1).power(1));
        ByteBuffer buffer = rotated.newBuffer();
        buffer.limit(4);
        float[] map = new float[4];
        rotated.read(1, buffer).read(2, 1, map);
        assertArrayEquals(readAll(rotated)[6][1], map);
    }

    /**
     * A value that is not finite, also by overflow, makes all units of its cell so; the message names the first, for
     * any group of units.
     */
    @Test
    void valuesThatAreNoNumbersAreFound() throws IOException {
        for (float wrong : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.MAX_VALUE}) {
            float[][][] values = random(new Random(5), 4, 21, 6);
            for (float[] unit : values[2]) {
                unit[4] = wrong;
            }
            GridSize map = new GridSize(2, 3);
            MemoryLayer source = new MemoryLayer(values, map, 4, Precision.FLOAT32);
            double[][] matrix = new double[21][21];
            for (double[] row : matrix) {
                Arrays.fill(row, 0.9);
            }
            RotatedLayer rotated = new RotatedLayer(source, matrix);
            MapScan.NotFinite found =
                    new SharedScan(Optional.empty(), rotated.shape()).accept(rotated.read(0, rotated.newBuffer()));
            MapScan.NotFinite fault = Objects.requireNonNull(found);
            assertEquals(2, fault.image());
            assertEquals(0, fault.unit());
            assertEquals(1, fault.row());
            assertEquals(1, fault.column());
            assertFalse(Float.isFinite(fault.value()));
        }
    }

    @Test
    void aMatrixOfAnotherSizeIsRefused() {
        MemoryLayer source = new MemoryLayer(new float[1][2][1], new GridSize(1, 1), 1, Precision.FLOAT32);
        assertThrows(IllegalArgumentException.class, () -> new RotatedLayer(source, new double[3][3]));
    }
}
