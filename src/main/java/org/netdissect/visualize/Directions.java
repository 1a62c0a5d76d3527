package org.netdissect.visualize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.netdissect.base.InputException;
import org.netdissect.network.FloatTensor;
import org.netdissect.table.NpyArray;
import org.netdissect.visualize.space.RandomSource;

/** The vectors over a layer's units that images are made for. */
final class Directions {
    private Directions() {}

    /**
     * The vectors of {@code --direction}, or random ones.
     *
     * @param layer for messages
     * @return {@code [directions][units]}
     * @throws InputException where the file does not hold a finite number for each unit
     */
    static FloatTensor of(VisualizationSettings settings, String layer, int units) throws IOException {
        Path file = settings.goal().directions();
        return file == null
                ? random(
                        settings.goal().randomDirections(),
                        units,
                        settings.engine().seed())
                : read(file, layer, units);
    }

    /** Directions of length 1, evenly distributed over the sphere. */
    private static FloatTensor random(int count, int units, long seed) {
        float[] values = new float[Math.multiplyExact(count, units)];
        for (int direction = 0; direction < count; direction++) {
            Random random = RandomSource.of(seed, Target.DIRECTIONS, direction);
            double[] vector = new double[units];
            double square = 0;
            for (int i = 0; i < units; i++) {
                vector[i] = random.nextGaussian();
                square += vector[i] * vector[i];
            }
            for (int i = 0; i < units; i++) {
                values[direction * units + i] = (float) (vector[i] / Math.sqrt(square));
            }
        }
        return new FloatTensor(values, count, units);
    }

    private static FloatTensor read(Path file, String layer, int units) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InputException("--direction " + file + ": no such file");
        }
        NpyArray array = NpyArray.read(file);
        List<Long> shape = array.shape();
        long length = shape.isEmpty() ? 0 : shape.get(shape.size() - 1);
        if (shape.isEmpty() || shape.size() > 2 || length != units || array.values().length == 0) {
            throw new InputException("--direction " + file + ": has shape " + shape + ", expected [" + units
                    + "] or [N, " + units + "], a number for each unit of layer " + layer);
        }
        for (int i = 0; i < array.values().length; i++) {
            if (!Float.isFinite(array.values()[i])) {
                throw new InputException("--direction " + file + ": row " + i / units + ", column " + i % units + " is "
                        + array.values()[i]);
            }
        }
        return new FloatTensor(array.values(), array.values().length / units, units);
    }
}
