package org.netdissect.visualize.space;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.netdissect.base.GridSize;
import org.netdissect.network.FloatTensor;

class ImageSpaceTest {
    private static ImageSpace space(ImageBasis basis, GridSize size, double decay) {
        return new ImageSpace(basis, 3, size, decay, null, null);
    }

    private static FloatTensor constant(ImageSpace space, String name) {
        return Objects.requireNonNull(space.constants().get(name), name);
    }

    /**
     * The formulas of the reference: fy = y/S or (y-S)/S from S/2 on, fx = x/S; 1 / max(f, 1/S). For sides that differ
     * each divides by its own length, and the least frequency is that of the longer.
     */
    @Test
    void scaleOfTheReference() {
        for (GridSize size : new GridSize[] {
            new GridSize(8, 8), new GridSize(7, 7), new GridSize(8, 6), new GridSize(5, 12), new GridSize(1, 1)
        }) {
            int height = size.height();
            int half = size.width() / 2 + 1;
            FloatTensor scale = constant(space(ImageBasis.FOURIER, size, 1), "scale");
            FloatTensor squared = constant(space(ImageBasis.FOURIER, size, 2), "scale");
            FloatTensor flat = constant(space(ImageBasis.FOURIER, size, 0), "scale");
            assertArrayEquals(new long[] {height, half}, scale.shape());
            for (int i = 0; i < scale.values().length; i++) {
                int y = i / half;
                double fy = (y < (height + 1) / 2 ? y : y - height) / (double) height;
                double fx = i % half / (double) size.width();
                double f = Math.max(Math.hypot(fy, fx), 1.0 / Math.max(height, size.width()));
                assertEquals(0.25 / f, scale.values()[i], 1e-6 / f);
                assertEquals(0.25 / (f * f), squared.values()[i], 1e-6 / (f * f));
                assertEquals(0.25f, flat.values()[i]);
            }
        }
    }

    @Test
    void shapesAndStarts() {
        GridSize size = new GridSize(6, 5);
        assertArrayEquals(
                new long[] {2, 3, 6, 3, 2}, space(ImageBasis.FOURIER, size, 1).shape(2));
        assertArrayEquals(
                new long[] {2, 3, 6, 5}, space(ImageBasis.PIXELS, size, 1).shape(2));
        assertArrayEquals(
                new long[] {2, 3, 6, 3}, space(ImageBasis.MACO, size, 1).shape(2));
        assertNull(space(ImageBasis.PIXELS, size, 1).constants().get("scale"));
        for (ImageBasis basis : ImageBasis.values()) {
            ImageSpace space = space(basis, new GridSize(40, 40), 1);
            float[] parameter = new float[space.numbers() + 2];
            space.start(new Random(1), parameter, 1);
            double squares = 0;
            for (float value : parameter) {
                squares += value * value / space.numbers();
            }
            assertEquals(
                    basis == ImageBasis.MACO ? 1 : .01, Math.sqrt(squares), basis == ImageBasis.MACO ? .05 : .0005);
            assertEquals(0, parameter[0]);
            assertEquals(0, parameter[parameter.length - 1]);
        }
    }

    @Test
    void aGivenStart() {
        float[] from = new float[3 * 2 * 2];
        from[5] = 7;
        ImageSpace space = new ImageSpace(ImageBasis.PIXELS, 3, new GridSize(2, 2), 1, null, from);
        float[] parameter = new float[2 * from.length];
        space.start(new Random(1), parameter, from.length);
        assertEquals(7, parameter[from.length + 5]);
        ImageSpace near = space.within(8 / 255.0, new float[from.length]);
        near.start(new Random(1), parameter, 0);
        assertEquals(0, parameter[5]);
        assertEquals(8 / 255f, constant(near, "within").values()[0]);
        assertArrayEquals(new long[] {1, 3, 2, 2}, constant(near, "origin").shape());
    }
}
