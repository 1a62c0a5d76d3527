package org.netdissect.network;

import java.util.Arrays;

/**
 * A tensor of 32-bit numbers in plain arrays.
 *
 * @param values in C order
 * @param shape lengths of its dimensions; none for a single number
 */
@SuppressWarnings("ArrayRecordComponent") // large, and nobody compares it
public record FloatTensor(float[] values, long... shape) {
    /** Throws {@link IllegalArgumentException} unless the shape has as many cells as there are values. */
    public FloatTensor {
        if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != values.length) {
            throw new IllegalArgumentException(values.length + " values, shape " + Arrays.toString(shape));
        }
    }

    /** A single number. */
    public static FloatTensor of(float value) {
        return new FloatTensor(new float[] {value});
    }

    /** A vector of whole numbers. */
    public static FloatTensor of(int... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values[i];
        }
        return new FloatTensor(floats, floats.length);
    }
}
