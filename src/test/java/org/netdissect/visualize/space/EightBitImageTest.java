package org.netdissect.visualize.space;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;
import org.netdissect.image.Raster;
import org.netdissect.network.FloatTensor;

class EightBitImageTest {
    private static FloatTensor row(float... values) {
        return new FloatTensor(values, 1, 1, 1, values.length);
    }

    @Test
    void roundsAndClamps() {
        float half = 0.5f / 255;
        EightBitImage image = EightBitImage.of(
                row(
                        0,
                        1,
                        -3,
                        7,
                        half,
                        Math.nextDown(half),
                        254.51f / 255,
                        -0f,
                        1e-40f,
                        Float.POSITIVE_INFINITY,
                        Float.NEGATIVE_INFINITY),
                0);
        int[] samples = new int[image.planes().length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = image.planes()[i] & 0xff;
        }
        assertArrayEquals(new int[] {0, 255, 0, 255, 1, 0, 255, 0, 0, 255, 0}, samples);
    }

    /** All samples of 8 bits come back from their numbers. */
    @Test
    void samplesStay() {
        byte[] samples = new byte[256];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) i;
        }
        float[] numbers = new float[256];
        new EightBitImage(samples, 1, new GridSize(1, 256)).writeTo(numbers, 0);
        assertEquals(1, numbers[255]);
        assertArrayEquals(samples, EightBitImage.of(row(numbers), 0).planes());
    }

    @Test
    void notANumberIsRefused() {
        FloatTensor two = new FloatTensor(new float[] {0, 1, Float.NaN, 0}, 2, 1, 1, 2);
        assertTrue(EightBitImage.isNumber(two, 0));
        assertFalse(EightBitImage.isNumber(two, 1));
        assertEquals(2, EightBitImage.of(two, 0).planes().length);
        assertThrows(IllegalArgumentException.class, () -> EightBitImage.of(two, 1));
    }

    @Test
    void coloursAreInterleaved() throws Exception {
        byte[] planes = {1, 2, 3, 4, 5, 6};
        EightBitImage image = new EightBitImage(planes, 3, new GridSize(1, 2));
        assertArrayEquals(new byte[] {1, 3, 5, 2, 4, 6}, image.rgb());
        assertArrayEquals(image.rgb(), Raster.open(image.png()).rgb());
        EightBitImage grey = new EightBitImage(new byte[] {7, 8}, 1, new GridSize(2, 1));
        assertArrayEquals(new byte[] {7, 7, 7, 8, 8, 8}, grey.rgb());
        assertArrayEquals(grey.rgb(), Raster.open(grey.png()).rgb());
    }

    /** Two channels of 2 x 3 pixels stand side by side. */
    @Test
    void otherChannelsAreTiles() throws Exception {
        EightBitImage image =
                new EightBitImage(new byte[] {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16}, 2, new GridSize(2, 3));
        Raster file = Raster.open(image.png());
        assertEquals(new GridSize(2, 6), file.size());
        byte[] greys = {1, 2, 3, 11, 12, 13, 4, 5, 6, 14, 15, 16};
        byte[] expected = new byte[36];
        for (int i = 0; i < greys.length; i++) {
            Arrays.fill(expected, 3 * i, 3 * i + 3, greys[i]);
        }
        assertArrayEquals(expected, file.rgb());
        assertThrows(IllegalStateException.class, image::rgb);
    }
}
