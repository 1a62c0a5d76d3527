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
 * Tells rows and columns of outputs by images: over an image that is shifted, the cells of a map follow the shift. What is
 * compared is the difference of two images' outputs, in which what belongs to places alone is gone: embeddings of positions
 * and the traces of padded borders.
 */
final class ShiftGuard {
    /** Correlation of cells with those that they were before the shift; unshifted ones and other axes stay far below. */
    private static final double FOLLOWS = 0.5;

    private static final double MARGIN = 0.2;
    private static final int MOST_EXTRA_TOKENS = 8;
    static final int QUARTER = 4;
    static final int HALF = 2;
    private static final int SEED = 14;
    /** Along the shorter side; some pixels each for networks' usual inputs. */
    private static final int BLOCKS = 56;

    /** Runs the network on one image, {@code [channels][height][width]}, and gives the output of the layer that is asked about. */
    @FunctionalInterface
    interface Pass {
        NDArray run(ByteBuffer image);
    }

    private final GridSize input;
    private final int channels;
    private final Pass pass;
    private final float[] first;
    private final float[] second;
    private final Map<GridShift, NDArray> outputs = new HashMap<>();

    /** Pixels that one of the images goes round by. */
    private record GridShift(int rows, int columns, boolean other) {}

    /** For input of so many channels. */
    ShiftGuard(GridSize input, int channels, Pass pass) {
        this.input = input;
        this.channels = channels;
        this.pass = pass;
        SplittableRandom random = new SplittableRandom(SEED);
        this.first = noise(random);
        this.second = noise(random);
    }

    /** Blocks of random brightness of several sizes, so that first layers see edges and last ones differ. */
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

    /** The one way to read a layer's output in which its cells clearly follow the shift; none where there is no such. */
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

    /** Whether the same image gives the same output again. */
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
     * How well the cells of maps follow a shift, down and to the right, whichever they follow less: the correlation of
     * cells with what was in their place before, or 0 where it is no more than without a shift.
     *
     * @param part the map is shifted by this part of it: a quarter tells directions too, half of it does not, which windows
     *     of attention may need
     */
    double follows(MapReading reading, int part) {
        return Math.max(follows(reading, part, false), follows(reading, part, true));
    }

    /** Cells lie as far from each other as the map divides the input, or by a power of two where borders are not padded. */
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

    /** Over all cells that were on the map before the shift, each unit's mean taken off. */
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

    private ByteBuffer image(GridShift shift) {
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
        return bytes;
    }
}
