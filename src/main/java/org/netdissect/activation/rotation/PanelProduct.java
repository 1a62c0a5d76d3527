package org.netdissect.activation.rotation;

import java.util.Arrays;

/**
 * A matrix times panels of activations, in single precision: {@code out[i][j] = sum over k of matrix[i][k] * in[k][j]},
 * k rising from 0, each product and each sum rounded. That order is the same for every column of every panel, and Java
 * fuses no operations, so results do not depend on panels, threads or machines.
 *
 * <p>Java's compiler turns the inner loop, over one row of the output and four of the input, into vector instructions.
 * With more rows it would not unroll the loop (JDK 17, LoopUnrollLimit) and run at a fifth of the speed.
 */
final class PanelProduct {
    /** Rows of the input that stay in the processor's first cache while they are added to all rows of the output. */
    private static final int DEPTH = 16;

    /** [units out][units in] */
    private final float[][] matrix;

    PanelProduct(double[][] matrix) {
        this.matrix = new float[matrix.length][];
        for (int row = 0; row < matrix.length; row++) {
            float[] rounded = new float[matrix[row].length];
            for (int column = 0; column < rounded.length; column++) {
                rounded[column] = (float) matrix[row][column];
            }
            this.matrix[row] = rounded;
        }
    }

    /** Multiplies columns {@code 0 .. columns-1} of the panel {@code in}, [units][columns], into {@code out}. */
    void multiply(float[][] in, float[][] out, int columns) {
        for (float[] row : out) {
            Arrays.fill(row, 0, columns, 0f);
        }
        for (int from = 0; from < in.length; from += DEPTH) {
            int to = Math.min(in.length, from + DEPTH);
            for (int row = 0; row < out.length; row++) {
                addRows(matrix[row], in, from, to, out[row], columns);
            }
        }
    }

    private static void addRows(float[] weights, float[][] in, int from, int to, float[] out, int columns) {
        int k = from;
        for (; k + 4 <= to; k += 4) {
            addFour(
                    in[k],
                    in[k + 1],
                    in[k + 2],
                    in[k + 3],
                    weights[k],
                    weights[k + 1],
                    weights[k + 2],
                    weights[k + 3],
                    out,
                    columns);
        }
        for (; k < to; k++) {
            addOne(in[k], weights[k], out, columns);
        }
    }

    private static void addFour(
            float[] a, float[] b, float[] c, float[] d, float u, float v, float w, float x, float[] out, int columns) {
        for (int j = 0; j < columns; j++) {
            out[j] = out[j] + u * a[j] + v * b[j] + w * c[j] + x * d[j];
        }
    }

    private static void addOne(float[] in, float weight, float[] out, int columns) {
        for (int j = 0; j < columns; j++) {
            out[j] = out[j] + weight * in[j];
        }
    }
}
