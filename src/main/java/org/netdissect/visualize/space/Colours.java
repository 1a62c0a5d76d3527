package org.netdissect.visualize.space;

import org.netdissect.network.FloatTensor;

/**
 * The change from decorrelated colours to red, green and blue. Images of one channel, or of others than three, stay as
 * they are.
 */
public final class Colours {
    /** A root of the covariance of natural images' red, green and blue ("Feature Visualization", Olah and others 2017). */
    private static final double[][] ROOT = {{.26, .09, .02}, {.27, .00, -.05}, {.27, -.09, .03}};

    private Colours() {}

    /** {@code [channels][channels]}; the longest column has length 1, as in lucid. */
    public static FloatTensor correlating(int channels) {
        return tensor(matrix(channels));
    }

    /** The inverse of {@link #correlating}. */
    public static FloatTensor decorrelating(int channels) {
        double[][] m = matrix(channels);
        if (channels != ROOT.length) {
            return tensor(m);
        }
        double[][] inverse = new double[3][3];
        double determinant = 0;
        for (int i = 0; i < 3; i++) {
            determinant += m[0][i] * minor(m, 0, i);
        }
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                inverse[j][i] = minor(m, i, j) / determinant;
            }
        }
        return tensor(inverse);
    }

    /** Signed minor: the indices turn round, so that no sign is needed. */
    private static double minor(double[][] m, int row, int column) {
        int r1 = (row + 1) % 3;
        int r2 = (row + 2) % 3;
        int c1 = (column + 1) % 3;
        int c2 = (column + 2) % 3;
        return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
    }

    private static double[][] matrix(int channels) {
        double[][] matrix = new double[channels][channels];
        double longest = 0;
        for (int column = 0; column < 3; column++) {
            longest = Math.max(
                    longest, Math.sqrt(square(ROOT[0][column]) + square(ROOT[1][column]) + square(ROOT[2][column])));
        }
        for (int i = 0; i < channels; i++) {
            for (int j = 0; j < channels; j++) {
                matrix[i][j] = channels == ROOT.length ? ROOT[i][j] / longest : i == j ? 1 : 0;
            }
        }
        return matrix;
    }

    private static double square(double value) {
        return value * value;
    }

    private static FloatTensor tensor(double[][] matrix) {
        float[] values = new float[matrix.length * matrix.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) matrix[i / matrix.length][i % matrix.length];
        }
        return new FloatTensor(values, matrix.length, matrix.length);
    }
}
