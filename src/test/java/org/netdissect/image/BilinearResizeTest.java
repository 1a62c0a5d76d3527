package org.netdissect.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;

class BilinearResizeTest {
    private static byte[] random(GridSize size, long seed) {
        byte[] rgb = new byte[size.cells() * 3];
        new Random(seed).nextBytes(rgb);
        return rgb;
    }

    /** Triangle filter in floating point, for both axes at once. */
    private static double naive(byte[] rgb, GridSize from, GridSize to, int y, int x, int channel) {
        double scaleY = Math.max(1, (double) from.height() / to.height());
        double scaleX = Math.max(1, (double) from.width() / to.width());
        double centreY = (y + 0.5) * from.height() / to.height() - 0.5;
        double centreX = (x + 0.5) * from.width() / to.width() - 0.5;
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < from.height(); i++) {
            for (int j = 0; j < from.width(); j++) {
                double weight = Math.max(0, 1 - Math.abs(i - centreY) / scaleY)
                        * Math.max(0, 1 - Math.abs(j - centreX) / scaleX);
                sum += weight * (rgb[(i * from.width() + j) * 3 + channel] & 0xff);
                weights += weight;
            }
        }
        return sum / weights;
    }

    @Test
    void equalsTheFilterWithinRounding() {
        Random random = new Random(4);
        for (int round = 0; round < 30; round++) {
            GridSize from = new GridSize(1 + random.nextInt(25), 1 + random.nextInt(25));
            GridSize to = new GridSize(1 + random.nextInt(25), 1 + random.nextInt(25));
            byte[] rgb = random(from, round);
            byte[] resized = BilinearResize.resize(rgb, from, to);
            for (int y = 0; y < to.height(); y++) {
                for (int x = 0; x < to.width(); x++) {
                    for (int channel = 0; channel < 3; channel++) {
                        double exact = naive(rgb, from, to, y, x, channel);
                        int value = resized[(y * to.width() + x) * 3 + channel] & 0xff;
                        assertEquals(exact, value, 1.01, from + " to " + to + " at " + y + "," + x);
                    }
                }
            }
        }
    }

    @Test
    void theSameSizeStaysAsItIs() {
        GridSize size = new GridSize(7, 9);
        assertArrayEquals(random(size, 1), BilinearResize.resize(random(size, 1), size, size));
    }

    /** Values from Pillow 9.4.0: Image.fromarray(a).resize((3, 2), Image.BILINEAR) with a[y, x, c] as below. */
    @Test
    void equalsPillow() {
        GridSize from = new GridSize(5, 7);
        byte[] rgb = new byte[from.cells() * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * i * 31 % 256);
        }
        byte[] resized = BilinearResize.resize(rgb, from, new GridSize(2, 3));
        int[] values = new int[resized.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = resized[i] & 0xff;
        }
        assertArrayEquals(
                new int[] {89, 165, 127, 158, 139, 128, 129, 145, 163, 128, 142, 153, 127, 139, 145, 148, 146, 118},
                values);
    }
}
