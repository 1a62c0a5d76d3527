package org.netdissect.visualize.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentsTest {
    private static Moments of(float[]... rows) {
        Moments moments = new Moments(rows[0].length);
        for (float[] row : rows) {
            moments.add(row, 0);
        }
        return moments;
    }

    @Test
    void equalTheFormulas() {
        Random random = new Random(2);
        for (int round = 0; round < 20; round++) {
            int count = 1 + random.nextInt(50);
            float[][] rows = new float[count][3];
            for (float[] row : rows) {
                row[0] = (float) random.nextGaussian();
                // a small deviation beside a large mean
                row[1] = 10000 + (float) random.nextGaussian();
                row[2] = (float) (1e30 * random.nextGaussian());
            }
            Moments moments = of(rows);
            assertEquals(count, moments.rows());
            for (int column = 0; column < 3; column++) {
                double mean = 0;
                double least = rows[0][column];
                double greatest = rows[0][column];
                for (float[] row : rows) {
                    mean += (double) row[column] / count;
                    least = Math.min(least, row[column]);
                    greatest = Math.max(greatest, row[column]);
                }
                double squares = 0;
                for (float[] row : rows) {
                    squares += (row[column] - mean) * (row[column] - mean) / count;
                }
                double scale = Math.max(Math.abs(least), Math.abs(greatest));
                assertEquals(mean, moments.mean(column), 1e-12 * scale);
                assertEquals(Math.sqrt(squares), moments.deviation(column), 1e-9 * Math.max(Math.sqrt(squares), 1));
                assertEquals(least, moments.least(column));
                assertEquals(greatest, moments.greatest(column));
                if (count > 1) {
                    double z = (2 * scale - mean) / Math.sqrt(squares);
                    assertEquals(z, moments.z(column, 2 * scale), 1e-7 * Math.abs(z));
                }
            }
        }
    }

    @Test
    void rowsStartAnywhere() {
        Moments moments = new Moments(2);
        moments.add(new float[] {9, 1, 2, 9}, 1);
        assertEquals(1, moments.mean(0));
        assertEquals(2, moments.mean(1));
    }

    /** A number that is not finite leaves its own column without statistics, wherever it comes. */
    @Test
    void notANumber() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int row = 0; row < 3; row++) {
                float[][] rows = {{1, 1}, {2, 2}, {3, 3}};
                rows[row][0] = bad;
                Moments moments = of(rows);
                assertTrue(Double.isNaN(moments.mean(0)));
                assertTrue(Double.isNaN(moments.deviation(0)));
                assertTrue(Double.isNaN(moments.least(0)));
                assertTrue(Double.isNaN(moments.greatest(0)));
                assertTrue(Double.isNaN(moments.z(0, 1)));
                assertEquals(2, moments.mean(1));
                assertEquals(1.224744871391589, moments.z(1, 3), 1e-12);
            }
        }
    }

    @Test
    void equalNumbersHaveNoZ() {
        Moments moments = of(new float[] {.1f}, new float[] {.1f}, new float[] {.1f});
        assertEquals(0, moments.deviation(0));
        assertTrue(Double.isNaN(moments.z(0, .1)));
        assertTrue(Double.isNaN(moments.z(0, 5)));
    }
}
