package org.netdissect.network;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import org.netdissect.base.RunException;

/**
 * Compares one small convolution of whole numbers, computed by the engine, with the same in Java. Sums of whole numbers
 * are exact in any order, so a single wrong digit shows. The fault described in {@link Processor} occurs with this
 * shape.
 */
final class EngineCheck {
    private static final int IMAGES = 2;
    private static final int IN = 24;
    private static final int OUT = 16;
    private static final int SIDE = 6;
    private static final int KERNEL = 3;

    private EngineCheck() {}

    /** Throws {@link RunException} where the engine computes wrong numbers on this machine's processor. */
    static void run(NDManager manager) {
        float[] input = numbers(IMAGES * IN * SIDE * SIDE, 7);
        float[] weights = numbers(OUT * IN * KERNEL * KERNEL, 5);
        float[] expected = convolve(input, weights);
        float[] found;
        try (NDManager scope = manager.newSubManager(Device.cpu())) {
            NDArray x = scope.create(input, new Shape(IMAGES, IN, SIDE, SIDE));
            NDArray w = scope.create(weights, new Shape(OUT, IN, KERNEL, KERNEL));
            Shape one = new Shape(1, 1);
            found = Conv2d.conv2d(x, w, null, one, one, one).get(0).toFloatArray();
        }
        for (int i = 0; i < expected.length; i++) {
            if (found[i] != expected[i]) {
                throw new RunException("the engine computes wrong numbers on this processor (" + found[i]
                        + " in place of "
                        + expected[i] + " in a convolution of whole numbers); try again with the environment variable "
                        + "DNNL_MAX_CPU_ISA=AVX2, or on another machine");
            }
        }
    }

    /** Pseudo-random whole numbers around 0, without a period that fits the shapes. */
    private static float[] numbers(int count, int range) {
        float[] numbers = new float[count];
        int state = 1;
        for (int i = 0; i < count; i++) {
            state = (state * 1103515245 + 12345) & Integer.MAX_VALUE;
            numbers[i] = (state >> 16) % range - range / 2;
        }
        return numbers;
    }

    static float[] convolve(float[] input, float[] weights) {
        float[] output = new float[IMAGES * OUT * SIDE * SIDE];
        int at = 0;
        for (int image = 0; image < IMAGES; image++) {
            for (int out = 0; out < OUT; out++) {
                for (int y = 0; y < SIDE; y++) {
                    for (int x = 0; x < SIDE; x++) {
                        output[at++] = cell(input, weights, image, out, y, x);
                    }
                }
            }
        }
        return output;
    }

    private static float cell(float[] input, float[] weights, int image, int out, int y, int x) {
        float sum = 0;
        for (int in = 0; in < IN; in++) {
            for (int row = Math.max(0, y - 1); row <= Math.min(SIDE - 1, y + 1); row++) {
                for (int column = Math.max(0, x - 1); column <= Math.min(SIDE - 1, x + 1); column++) {
                    int weight = ((out * IN + in) * KERNEL + row - y + 1) * KERNEL + column - x + 1;
                    sum += input[((image * IN + in) * SIDE + row) * SIDE + column] * weights[weight];
                }
            }
        }
        return sum;
    }
}
