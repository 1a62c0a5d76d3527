package org.netdissect.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;

class PngEncoderTest {
    private static byte[] random(int count) {
        byte[] samples = new byte[count];
        new Random(count).nextBytes(samples);
        return samples;
    }

    @Test
    void coloursComeBack() throws IOException, BadRasterException {
        for (GridSize size : new GridSize[] {new GridSize(1, 1), new GridSize(5, 9), new GridSize(64, 3)}) {
            byte[] rgb = random(size.cells() * 3);
            Raster read = Raster.open(PngEncoder.encode(rgb, size));
            assertEquals(size, read.size());
            assertArrayEquals(rgb, read.rgb());
        }
    }

    /** Every grey stays as it is: no gamma. */
    @Test
    void greyComesBack() throws IOException, BadRasterException {
        GridSize size = new GridSize(16, 16);
        byte[] grey = new byte[256];
        byte[] rgb = new byte[3 * 256];
        for (int i = 0; i < rgb.length; i++) {
            grey[i / 3] = (byte) (i / 3);
            rgb[i] = (byte) (i / 3);
        }
        assertArrayEquals(rgb, Raster.open(PngEncoder.encode(grey, size)).rgb());
    }

    @Test
    void equalSamplesGiveEqualBytes() throws IOException {
        byte[] rgb = random(40 * 40 * 3);
        GridSize size = new GridSize(40, 40);
        assertArrayEquals(PngEncoder.encode(rgb, size), PngEncoder.encode(rgb.clone(), size));
    }

    @Test
    void otherNumbersOfSamplesAreRefused() {
        GridSize size = new GridSize(4, 4);
        for (int samples : new int[] {0, 15, 32, 47, 49, 64}) {
            assertThrows(IllegalArgumentException.class, () -> PngEncoder.encode(random(samples), size));
        }
    }

    /** Values of Pillow's convert("L"). */
    @Test
    void brightnessOfColours() {
        byte[] rgb = {
            (byte) 255, 0, 0, 0, (byte) 255, 0, 0, 0, (byte) 255, (byte) 255, (byte) 255, (byte) 255, 1, 2, 3, 0, 0, 0
        };
        byte[] grey = {76, (byte) 150, 29, (byte) 255, 2, 0};
        assertArrayEquals(grey, Brightness.of(rgb));
        byte[] all = Brightness.rgb(rgb);
        for (int pixel = 0; pixel < grey.length; pixel++) {
            byte[] expected = new byte[3];
            Arrays.fill(expected, grey[pixel]);
            assertArrayEquals(expected, Arrays.copyOfRange(all, pixel * 3, pixel * 3 + 3));
        }
    }
}
