package org.netdissect.visualize.space;

import java.util.Arrays;

/**
 * Greatest, least, mean and standard deviation of columns of numbers, by Welford's sums in double precision. A column
 * with a number that is not finite has NaN for all four.
 */
public final class Moments {
    private int rows;
    private final double[] mean;
    /** [columns] sum of squared deviations from the mean */
    private final double[] squares;

    private final double[] least;
    private final double[] greatest;

    public Moments(int columns) {
        mean = new double[columns];
        squares = new double[columns];
        least = new double[columns];
        greatest = new double[columns];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        Arrays.fill(greatest, Double.NEGATIVE_INFINITY);
    }

    /** Adds the row that starts at {@code at}. */
    public void add(float[] values, int at) {
        rows++;
        for (int column = 0; column < mean.length; column++) {
            double value = Float.isFinite(values[at + column]) ? values[at + column] : Double.NaN;
            double deviation = value - mean[column];
            mean[column] += deviation / rows;
            squares[column] += deviation * (value - mean[column]);
            least[column] = Math.min(least[column], value);
            greatest[column] = Math.max(greatest[column], value);
        }
    }

    public int columns() {
        return mean.length;
    }

    public int rows() {
        return rows;
    }

    public double mean(int column) {
        return mean[column];
    }

    /** Standard deviation of the rows themselves: squares divided by their number. */
    public double deviation(int column) {
        return Math.sqrt(squares[column] / rows);
    }

    public double least(int column) {
        return least[column];
    }

    public double greatest(int column) {
        return greatest[column];
    }

    /** Distance of a value from the column's mean, in its standard deviations; NaN where that is 0 or not known. */
    public double z(int column, double value) {
        double deviation = deviation(column);
        double z = (value - mean[column]) / deviation;
        return deviation > 0 && Double.isFinite(z) ? z : Double.NaN;
    }
}
