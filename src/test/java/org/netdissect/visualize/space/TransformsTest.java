package org.netdissect.visualize.space;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;

class TransformsTest {
    private static final GridSize SIZE = new GridSize(60, 100);

    /** A generator that always draws the greatest number of a range, or the least. */
    private static Random always(double number) {
        return new Random() {
            @Override
            public double nextDouble() {
                return number;
            }
        };
    }

    private static float[] matrix(Transforms transforms, double number) {
        float[] matrix = new float[Transforms.NUMBERS];
        transforms.draw(always(number), SIZE, matrix, 0);
        return matrix;
    }

    /** The pixel of the image, from its middle (rightwards, downwards), that a pixel of what is seen comes from. */
    private static double[] source(float[] matrix, double right, double down) {
        double x = right * 2 / SIZE.width();
        double y = down * 2 / SIZE.height();
        return new double[] {
            (matrix[0] * x + matrix[1] * y + matrix[2]) * SIZE.width() / 2,
            (matrix[3] * x + matrix[4] * y + matrix[5]) * SIZE.height() / 2
        };
    }

    @Test
    void noMoveIsTheIdentity() {
        assertArrayEquals(new float[] {1, 0, 0, 0, 1, 0}, matrix(Transforms.NONE, .25), 0);
        assertTrue(Transforms.NONE.isNone());
        assertTrue(Transforms.parse("none", SIZE).isNone());
        assertTrue(Transforms.parse("jitter=0", SIZE).isNone());
        assertFalse(Transforms.parse("pad=1", SIZE).isNone());
    }

    /** A quarter turn takes pixels to pixels, although the sides differ. */
    @Test
    void aQuarterTurn() {
        float[] turn = matrix(new Transforms(0, 1, 1, 90, 0), 1);
        assertArrayEquals(new double[] {0, 7}, source(turn, 7, 0), 1e-4);
        assertArrayEquals(new double[] {-4, 0}, source(turn, 0, 4), 1e-4);
        assertArrayEquals(new double[] {0, -7}, source(matrix(new Transforms(0, 1, 1, 90, 0), 0), 7, 0), 1e-4);
    }

    @Test
    void shiftsAreInPixels() {
        float[] shift = matrix(new Transforms(5, 1, 1, 0, 0), 1);
        assertArrayEquals(new double[] {5, 5}, source(shift, 0, 0), 1e-4);
        assertArrayEquals(new double[] {8, 1}, source(shift, 3, -4), 1e-4);
        assertArrayEquals(new double[] {-5, -5}, source(matrix(new Transforms(5, 1, 1, 0, 0), 0), 0, 0), 1e-4);
    }

    /** What is magnified twice comes from half as far; a border of 15 pixels squeezes 60 rows into 30 more. */
    @Test
    void magnifiedAndPadded() {
        assertArrayEquals(new double[] {5, -2}, source(matrix(new Transforms(0, 2, 2, 0, 0), 0), 10, -4), 1e-4);
        assertArrayEquals(new double[] {10, 10}, source(matrix(new Transforms(0, .5, 2, 0, 0), 0), 5, 5), 1e-4);
        assertArrayEquals(new double[] {0, 45}, source(matrix(new Transforms(0, 1, 1, 0, 15), 0), 0, 30), 1e-4);
    }

    /** Draws stay in their ranges, and each number of the matrix is written where asked. */
    @Test
    void rangesOfDraws() {
        Transforms moves = new Transforms(6, .9, 1.1, 10, 0);
        Random random = new Random(1);
        double greatest = 0;
        for (int i = 0; i < 500; i++) {
            float[] matrix = new float[10];
            moves.draw(random, SIZE, matrix, 2);
            assertEquals(0, matrix[1]);
            assertEquals(0, matrix[8]);
            double scale = Math.sqrt(matrix[2] * matrix[6] - matrix[3] * matrix[5]);
            assertTrue(scale > 1 / 1.1 - 1e-6 && scale < 1 / .9 + 1e-6);
            double angle = Math.toDegrees(Math.acos(Math.min(1, matrix[2] / scale)));
            greatest = Math.max(greatest, angle);
            assertTrue(angle <= 10.001);
            assertTrue(Math.abs(matrix[4]) <= 6 * 2f / 100 && Math.abs(matrix[7]) <= 6 * 2f / 60);
        }
        assertTrue(greatest > 9.5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jitter=8,scale=0.9:1.1,rotate=10,pad=12",
                "rotate=0.5",
                "scale=1:2",
                "jitter=3,pad=1",
                "none",
                "standard"
            })
    void textComesBack(String text) {
        Transforms moves = Transforms.parse(text, SIZE);
        assertEquals(moves, Transforms.parse(moves.toString(), SIZE));
    }

    @Test
    void namesAndNumbers() {
        assertEquals(
                new Transforms(8, .9, 1.1, 10, 12), Transforms.parse("pad=12,rotate=10,scale=0.9:1.1,jitter=8", SIZE));
        assertEquals(new Transforms(60 / 16.0, .9, 1.1, 10, 0), Transforms.parse("standard", SIZE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "jitter",
                "jitter=",
                "jitter=-1",
                "jitter=1:2",
                "jitter=NaN",
                "rotate=Infinity",
                "scale=1",
                "scale=0:1",
                "scale=2:1",
                "scale=1:2:3",
                "scale=-1:1",
                "turn=5",
                "jitter=1,",
                "jitter=1;pad=2",
                "Standard",
                "pad=1e999"
            })
    void otherTextIsRefused(String text) {
        InputException failure = assertThrows(InputException.class, () -> Transforms.parse(text, SIZE));
        assertTrue(String.valueOf(failure.getMessage()).contains("jitter=8,scale=0.9:1.1"), failure.getMessage());
    }
}
