package org.netdissect.visualize;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.result.Visualized;
import org.netdissect.visualize.space.ImageBasis;

/**
 * An ascent as its definitions have it, slow, in double precision: sums over frequencies, bilinear sampling pixel by
 * pixel, gradients by finite differences. Its network is a layer of 1 x 1 convolutions, {@code y + y * y / 3}, and
 * averages.
 */
final class NaiveAscent {
    static final double[][] WEIGHTS = {{1, -2, 0.5}, {0.5, 1, -1}, {-1, 0.25, 2}, {0.75, 0.75, -0.5}};
    private static final double[][] ROOT = {{.26, .09, .02}, {.27, .00, -.05}, {.27, -.09, .03}};
    private static final double[] MEAN = {0.4, 0.5, 0.6};
    private static final double[] STD = {0.5, 0.25, 0.2};
    private static final double H = 1e-5;

    final ImageBasis basis;
    final GridSize size;
    final GridSize input;
    final Visualized.Objective objective;
    final List<Target> group;
    double decay = 1;
    double[] amplitudes = {};
    double[] direction = {};
    double variation;
    double diversity;
    /** mean of the objectives, which the weight of the diversity is a share of, before the step */
    private double height;
    /** [images][6], or null without moves */
    float @Nullable [][] moves;

    NaiveAscent(ImageBasis basis, GridSize size, GridSize input, Visualized.Objective objective, List<Target> group) {
        this.basis = basis;
        this.size = size;
        this.input = input;
        this.objective = objective;
        this.group = group;
    }

    private double frequency(int row, int column) {
        int h = size.height();
        double down = (row < (h + 1) / 2 ? row : row - h) / (double) h;
        double across = column / (double) size.width();
        return Math.max(Math.hypot(down, across), 1.0 / Math.max(h, size.width()));
    }

    /** One image's {@code [3][height][width]}. */
    double[][][] image(double[] parameter) {
        int h = size.height();
        int w = size.width();
        int half = w / 2 + 1;
        double[][][] plane = new double[3][h][w];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    if (basis == ImageBasis.PIXELS) {
                        plane[c][y][x] = parameter[(c * h + y) * w + x];
                        continue;
                    }
                    double sum = 0;
                    for (int v = 0; v < h; v++) {
                        for (int u = 0; u < half; u++) {
                            int at = (c * h + v) * half + u;
                            double real;
                            double imaginary;
                            if (basis == ImageBasis.MACO) {
                                real = amplitudes[at] * Math.cos(parameter[at]);
                                imaginary = amplitudes[at] * Math.sin(parameter[at]);
                            } else {
                                double scale = Math.pow(frequency(v, u), -decay);
                                real = scale * parameter[2 * at];
                                imaginary = scale * parameter[2 * at + 1];
                            }
                            double angle = 2 * Math.PI * (v * y / (double) h + u * x / (double) w);
                            // all frequencies but the first and the middle stand for two of the whole plane
                            double twice = u == 0 || 2 * u == w ? 1 : 2;
                            sum += twice * (real * Math.cos(angle) - imaginary * Math.sin(angle));
                        }
                    }
                    plane[c][y][x] = sum / Math.sqrt(h * w) / (basis == ImageBasis.MACO ? 1 : 4);
                }
            }
        }
        if (basis == ImageBasis.MACO) {
            standardise(plane);
        }
        double longest = 0;
        for (int k = 0; k < 3; k++) {
            longest = Math.max(
                    longest, Math.sqrt(ROOT[0][k] * ROOT[0][k] + ROOT[1][k] * ROOT[1][k] + ROOT[2][k] * ROOT[2][k]));
        }
        double[][][] image = new double[3][h][w];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    double sum = 0;
                    for (int k = 0; k < 3; k++) {
                        sum += ROOT[c][k] / longest * plane[k][y][x];
                    }
                    image[c][y][x] = 1 / (1 + Math.exp(-sum));
                }
            }
        }
        return image;
    }

    private static void standardise(double[][][] plane) {
        double[] all = Arrays.stream(plane)
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .toArray();
        double mean = Arrays.stream(all).average().orElseThrow();
        double deviation = Math.sqrt(
                Arrays.stream(all).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
        for (double[][] rows : plane) {
            for (double[] row : rows) {
                Arrays.setAll(row, x -> (row[x] - mean) / deviation);
            }
        }
    }

    /** What the network sees of an image: sampled bilinearly, grey outside. */
    private double[][][] seen(double[][][] image, float[] move) {
        double[][][] seen = new double[3][input.height()][input.width()];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < input.height(); i++) {
                for (int j = 0; j < input.width(); j++) {
                    double right = (2.0 * j + 1) / input.width() - 1;
                    double down = (2.0 * i + 1) / input.height() - 1;
                    double x = ((move[0] * right + move[1] * down + move[2] + 1) * size.width() - 1) / 2;
                    double y = ((move[3] * right + move[4] * down + move[5] + 1) * size.height() - 1) / 2;
                    double sum = 0;
                    for (int row = (int) Math.floor(y); row <= Math.floor(y) + 1; row++) {
                        for (int column = (int) Math.floor(x); column <= Math.floor(x) + 1; column++) {
                            boolean inside = row >= 0 && row < size.height() && column >= 0 && column < size.width();
                            sum += (1 - Math.abs(y - row))
                                    * (1 - Math.abs(x - column))
                                    * (inside ? image[c][row][column] : 0.5);
                        }
                    }
                    seen[c][i][j] = sum;
                }
            }
        }
        return seen;
    }

    /** The layer's {@code [units][height][width]}. The network takes blue first. */
    private static double[][][] layer(double[][][] seen) {
        int h = seen[0].length;
        int w = seen[0][0].length;
        double[][][] map = new double[WEIGHTS.length][h][w];
        for (int unit = 0; unit < map.length; unit++) {
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    double sum = 0;
                    for (int c = 0; c < 3; c++) {
                        sum += WEIGHTS[unit][c] * (seen[2 - c][y][x] - MEAN[c]) / STD[c];
                    }
                    map[unit][y][x] = sum + sum * sum / 3;
                }
            }
        }
        return map;
    }

    private static double mean(double[][] map) {
        return Arrays.stream(map).flatMapToDouble(Arrays::stream).average().orElseThrow();
    }

    private double value(double[][][] map, int index) {
        return switch (objective) {
            case CHANNEL, LOGIT -> mean(map[index]);
            case NEURON -> map[index][map[index].length / 2][map[index][0].length / 2];
            case LAYER ->
                Arrays.stream(map)
                        .flatMap(Arrays::stream)
                        .flatMapToDouble(Arrays::stream)
                        .map(v -> v * v)
                        .average()
                        .orElseThrow();
            case DIRECTION -> {
                double sum = 0;
                for (int unit = 0; unit < map.length; unit++) {
                    sum += direction[unit] * mean(map[unit]);
                }
                yield sum;
            }
            case PROBABILITY -> {
                double sum = 0;
                for (double[][] unit : map) {
                    sum += Math.exp(mean(unit));
                }
                yield Math.exp(mean(map[index])) / sum;
            }
        };
    }

    private double[][][] map(double[] parameter, int image) {
        double[][][] made = image(parameter);
        return layer(moves == null ? made : seen(made, moves[image]));
    }

    double[] values(double[][] parameters) {
        double[] values = new double[parameters.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(map(parameters[i], i), group.get(i).index());
        }
        return values;
    }

    /** The number that climbs. */
    double total(double[][] parameters) {
        double total = 0;
        double[] values = values(parameters);
        for (int i = 0; i < values.length; i++) {
            double climbing = objective == Visualized.Objective.PROBABILITY ? Math.log(values[i]) : values[i];
            total += group.get(i).negative() ? -climbing : climbing;
            total -= variation == 0 ? 0 : variation * roughness(image(parameters[i]));
        }
        return diversity == 0 ? total : total - diversity * height * likeness(parameters);
    }

    private double roughness(double[][][] image) {
        int h = size.height();
        int w = size.width();
        double down = 0;
        double across = 0;
        for (double[][] plane : image) {
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    down += y + 1 < h ? Math.abs(plane[y + 1][x] - plane[y][x]) : 0;
                    across += x + 1 < w ? Math.abs(plane[y][x + 1] - plane[y][x]) : 0;
                }
            }
        }
        return down / (3 * (h - 1) * w) + across / (3 * h * (w - 1));
    }

    private double likeness(double[][] parameters) {
        double[][] grams = new double[parameters.length][];
        for (int i = 0; i < grams.length; i++) {
            double[][][] map = map(parameters[i], i);
            double[] gram = new double[map.length * map.length];
            for (int a = 0; a < map.length; a++) {
                for (int b = 0; b < map.length; b++) {
                    for (int y = 0; y < map[a].length; y++) {
                        for (int x = 0; x < map[a][y].length; x++) {
                            gram[a * map.length + b] += map[a][y][x] * map[b][y][x];
                        }
                    }
                }
            }
            double length = Math.sqrt(Arrays.stream(gram).map(v -> v * v).sum());
            grams[i] = Arrays.stream(gram).map(v -> v / length).toArray();
        }
        double sum = 0;
        for (int i = 0; i < grams.length; i++) {
            for (int j = 0; j < grams.length; j++) {
                for (int k = 0; k < grams[i].length && i != j; k++) {
                    sum += grams[i][k] * grams[j][k];
                }
            }
        }
        return sum / grams.length;
    }

    /** Gradients of minus the total. */
    double[][] gradients(double[][] parameters) {
        boolean ofProbability = objective == Visualized.Objective.PROBABILITY;
        height = ofProbability
                ? 1
                : Arrays.stream(values(parameters)).map(Math::abs).average().orElseThrow();
        double[][] gradients = new double[parameters.length][parameters[0].length];
        for (int i = 0; i < parameters.length; i++) {
            for (int k = 0; k < parameters[i].length; k++) {
                double middle = parameters[i][k];
                parameters[i][k] = middle + H;
                double above = total(parameters);
                parameters[i][k] = middle - H;
                double below = total(parameters);
                parameters[i][k] = middle;
                gradients[i][k] = -(above - below) / (2 * H);
            }
        }
        return gradients;
    }

    /** Adam's step number {@code time}, from 1; changes all three. */
    static void step(double[] parameter, double[] first, double[] second, double[] gradient, int time, double rate) {
        for (int k = 0; k < parameter.length; k++) {
            first[k] = 0.9 * first[k] + 0.1 * gradient[k];
            second[k] = 0.999 * second[k] + 0.001 * gradient[k] * gradient[k];
            double mean = first[k] / (1 - Math.pow(0.9, time));
            double spread = Math.sqrt(second[k] / (1 - Math.pow(0.999, time)));
            parameter[k] -= rate * mean / (spread + 1e-8);
        }
    }
}
