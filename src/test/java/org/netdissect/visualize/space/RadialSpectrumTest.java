package org.netdissect.visualize.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;

class RadialSpectrumTest {
    private static final double ROUNDING = 1 / (255 * Math.sqrt(12));

    private static float[] naive(float[] amplitudes, int planes, int height, int width) {
        int shorter = Math.min(height, width);
        int half = width / 2 + 1;
        float[] means = new float[planes * (shorter / 2)];
        for (int plane = 0; plane < planes; plane++) {
            for (int ring = 1; ring <= shorter / 2; ring++) {
                double sum = 0;
                int count = 0;
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < half; x++) {
                        // cycles along the whole side, then along as many pixels as the shorter side has
                        double down = (y <= height / 2 ? y : height - y) * (double) shorter / height;
                        double across = x * (double) shorter / width;
                        double radius = Math.hypot(down, across);
                        if (radius >= ring - .5 && radius < ring + .5) {
                            double amplitude = amplitudes[(plane * height + y) * half + x];
                            sum += Math.log(Math.max(amplitude, ROUNDING));
                            count++;
                        }
                    }
                }
                means[plane * (shorter / 2) + ring - 1] = (float) (sum / count);
            }
        }
        return means;
    }

    @Test
    void equalTheDefinition() {
        Random random = new Random(3);
        for (GridSize size : new GridSize[] {
            new GridSize(8, 6), new GridSize(6, 8), new GridSize(7, 7), new GridSize(5, 12), new GridSize(32, 32)
        }) {
            for (int channels : new int[] {1, 3}) {
                RadialSpectrum rings = new RadialSpectrum(size, channels);
                float[] amplitudes = new float[2 * channels * size.height() * (size.width() / 2 + 1)];
                for (int i = 0; i < amplitudes.length; i++) {
                    amplitudes[i] = random.nextInt(10) == 0 ? 0 : (float) Math.exp(2 * random.nextGaussian() - 3);
                }
                float[] expected = naive(amplitudes, 2 * channels, size.height(), size.width());
                float[] actual = rings.of(amplitudes);
                assertEquals(expected.length, actual.length);
                assertEquals(expected.length, 2 * rings.columns());
                for (int i = 0; i < expected.length; i++) {
                    assertEquals(expected[i], actual[i], 1e-5, size + ", number " + i);
                }
            }
        }
    }

    /** The constant counts nowhere; an image without structure has the amplitude of rounding everywhere. */
    @Test
    void flatImages() {
        RadialSpectrum rings = new RadialSpectrum(new GridSize(8, 8), 1);
        float[] amplitudes = new float[8 * 5];
        amplitudes[0] = 1000;
        for (float mean : rings.of(amplitudes)) {
            assertEquals(Math.log(ROUNDING), mean, 1e-6);
        }
        amplitudes[3] = Float.NaN;
        assertTrue(Float.isNaN(rings.of(amplitudes)[2]));
    }

    @Test
    void smallestSizes() {
        assertEquals(0, new RadialSpectrum(new GridSize(1, 1), 3).columns());
        assertEquals(0, new RadialSpectrum(new GridSize(1, 9), 3).of(new float[15]).length);
        assertEquals(1, new RadialSpectrum(new GridSize(2, 3), 1).of(new float[4]).length);
    }
}
