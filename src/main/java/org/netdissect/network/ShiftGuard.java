package org.netdissect.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.field.MapReading;

/**
 * Finds rows and columns of a layer's output by shifted images: the cells of a map follow the shift. Differences of two
 * images' outputs are compared, from which embeddings of positions and traces of padded borders cancel.
 */
final class ShiftGuard {
    /** Least correlation of cells with those before the shift; unshifted cells and other axes stay far below. */
    private static final double FOLLOWS = 0.5;

    private static final double MARGIN = 0.2;
    private static final int MOST_EXTRA_TOKENS = 8;
    static final int QUARTER = 4;
    static final int HALF = 2;
    private static final int SEED = 14;
    /** Number of the smallest blocks along the shorter side: some pixels each in usual inputs. */
    private static final int BLOCKS = 56;

    /** Runs the network on one image and gives the output of the layer in question. */
    @FunctionalInterface
    interface Pass {
        NDArray run(InputBatch image);
    }

    private final GridSize input;
    private final int channels;
    private final Pass pass;
    private final float[] first;
    private final float[] second;
    private final Map<GridShift, NDArray> outputs = new HashMap<>();

    /** A cyclic shift, in pixels, of one of the two images. */
    private record GridShift(int rows, int columns, boolean other) {}

    /** A guard for inputs of this size and number of channels. */
    ShiftGuard(GridSize input, int channels, Pass pass) {
        this.input = input;
        this.channels = channels;
        this.pass = pass;
        SplittableRandom random = new SplittableRandom(SEED);
        this.first = noise(random);
        this.second = noise(random);
    }

    /** Draws blocks of random brightness in several sizes: first layers see edges, and last layers' cells differ. */
    private float[] noise(SplittableRandom random) {
        float[] values = new float[channels * input.cells()];
        int side = Math.min(input.height(), input.width());
        for (int blocks = BLOCKS; blocks >= BLOCKS / 8; blocks /= 2) {
            int block = Math.max(1, side / blocks);
            int across = (input.width() - 1) / block + 1;
            int down = (input.height() - 1) / block + 1;
            float[] brightness = new float[channels * across * down];
            for (int i = 0; i < brightness.length; i++) {
                brightness[i] = (float) (random.nextDouble() * 2 - 1);
            }
            for (int at = 0; at < values.length; at++) {
                int cell = at % input.cells();
                int row = cell / input.width() / block;
                int column = cell % input.width() / block;
                values[at] += brightness[(at / input.cells() * down + row) * across + column];
            }
        }
        return values;
    }

    /** Finds the one reading in which the output's cells clearly follow the shift. */
    Optional<MapReading> find() {
        NDArray output = output(still());
        MapReading best = null;
        double first = 0;
        double second = 0;
        for (MapReading candidate : candidates(output.getShape().getShape())) {
            double score = follows(candidate, QUARTER);
            if (score > first) {
                second = first;
                first = score;
                best = candidate;
            } else {
                second = Math.max(second, score);
            }
        }
        return first > second + MARGIN / 2 ? Optional.ofNullable(best) : Optional.empty();
    }

    /** Whether a second pass over the same image gives the same output. */
    boolean isRepeatable() {
        NDArray again = pass.run(image(still()));
        return again.toType(DataType.FLOAT32, false)
                .contentEquals(output(still()).toType(DataType.FLOAT32, false));
    }

    private List<MapReading> candidates(long[] shape) {
        List<AxesSpec> specs = new ArrayList<>();
        if (shape.length == 4) {
            specs.add(AxesSpec.parse("nuyx"));
            specs.add(AxesSpec.parse("nyxu"));
        } else if (shape.length == 3) {
            for (String letters : List.of("ntu", "nut")) {
                long tokens = shape[letters.indexOf('t')];
                for (int extra = 0; extra <= MOST_EXTRA_TOKENS; extra++) {
                    if (AxesSpec.patches(tokens - extra, input).isPresent()) {
                        specs.add(AxesSpec.parse(letters + (extra == 0 ? "" : ",drop=0.." + (extra - 1))));
                        if (extra > 0) {
                            specs.add(AxesSpec.parse(letters + ",drop=-" + extra + "..-1"));
                        }
                    }
                }
            }
        }
        return specs.stream().flatMap(spec -> reading(spec, shape).stream()).toList();
    }

    private Optional<MapReading> reading(AxesSpec spec, long[] shape) {
        try {
            return Optional.of(spec.reading(shape, 1, input));
        } catch (InputException e) {
            return Optional.empty(); // another shape than these letters say
        }
    }

    /**
     * Agreement of the maps' cells with a shift, the lesser of downwards and to the right: the correlation of cells with
     * those before the shift, or 0 where unshifted cells correlate as well.
     *
     * @param part divisor of the map's sides that gives the shift: {@link #QUARTER} also shows the direction, {@link
     *     #HALF} does not, but windows of attention may need it
     */
    double follows(MapReading reading, int part) {
        return Math.max(follows(reading, part, false), follows(reading, part, true));
    }

    /** Cells are input / map pixels apart, or the power of two below that where borders are not padded. */
    private double follows(MapReading reading, int part, boolean powerOfTwo) {
        GridSize map = reading.map();
        double least = Double.POSITIVE_INFINITY;
        if (map.height() > 1) {
            int cells = Math.max(1, map.height() / part);
            GridShift shift = new GridShift(pixels(cells, input.height(), map.height(), powerOfTwo), 0, false);
            least = follows(maps(shift, reading), maps(still(), reading), map, cells, 0);
        }
        if (map.width() > 1) {
            int cells = Math.max(1, map.width() / part);
            GridShift shift = new GridShift(0, pixels(cells, input.width(), map.width(), powerOfTwo), false);
            least = Math.min(least, follows(maps(shift, reading), maps(still(), reading), map, 0, cells));
        }
        return Double.isInfinite(least) ? 0 : least;
    }

    private static int pixels(int cells, int input, int map, boolean powerOfTwo) {
        return powerOfTwo
                ? cells * Integer.highestOneBit(Math.max(1, input / map))
                : Math.round((float) cells * input / map);
    }

    private static GridShift still() {
        return new GridShift(0, 0, false);
    }

    private static double follows(float[] shifted, float[] before, GridSize map, int rows, int columns) {
        double follows = correlation(shifted, before, map, rows, columns, true);
        double stays = correlation(shifted, before, map, rows, columns, false);
        return follows > FOLLOWS && follows > stays + MARGIN ? follows : 0;
    }

    /** Correlation over all cells that were on the map before the shift, after each unit's mean is subtracted. */
    private static double correlation(
            float[] shifted, float[] before, GridSize map, int rows, int columns, boolean moved) {
        double product = 0;
        double squaresA = 0;
        double squaresB = 0;
        int back = moved ? rows * map.width() + columns : 0;
        int count = (map.height() - rows) * (map.width() - columns);
        for (int unit = 0; unit < shifted.length; unit += map.cells()) {
            double meanA = 0;
            double meanB = 0;
            for (int pass = 0; pass < 2; pass++) {
                for (int row = rows; row < map.height(); row++) {
                    for (int column = columns; column < map.width(); column++) {
                        int at = unit + row * map.width() + column;
                        if (pass == 0) {
                            meanA += shifted[at] / count;
                            meanB += before[at - back] / count;
                        } else {
                            double a = shifted[at] - meanA;
                            double b = before[at - back] - meanB;
                            product += a * b;
                            squaresA += a * a;
                            squaresB += b * b;
                        }
                    }
                }
            }
        }
        double norm = Math.sqrt(squaresA) * Math.sqrt(squaresB);
        return norm > 0 ? product / norm : 0;
    }

    private float[] maps(GridShift shift, MapReading reading) {
        float[] values = values(output(shift), reading);
        float[] others = values(output(new GridShift(shift.rows(), shift.columns(), true)), reading);
        for (int i = 0; i < values.length; i++) {
            values[i] -= others[i];
        }
        return values;
    }

    private static float[] values(NDArray output, MapReading reading) {
        return LayerMaps.arranged(reading, output)
                .toType(DataType.FLOAT32, false)
                .toFloatArray();
    }

    private NDArray output(GridShift shift) {
        return outputs.computeIfAbsent(shift, some -> pass.run(image(some)));
    }

    private InputBatch image(GridShift shift) {
        float[] noise = shift.other() ? second : first;
        ByteBuffer bytes = ByteBuffer.allocateDirect(noise.length * Float.BYTES).order(ByteOrder.nativeOrder());
        FloatBuffer values = bytes.asFloatBuffer();
        for (int channel = 0; channel < channels; channel++) {
            for (int row = 0; row < input.height(); row++) {
                for (int column = 0; column < input.width(); column++) {
                    int from = Math.floorMod(row - shift.rows(), input.height()) * input.width()
                            + Math.floorMod(column - shift.columns(), input.width());
                    values.put(noise[channel * input.cells() + from]);
                }
            }
        }
        return new InputBatch(bytes, 1, channels, input);
    }
}
