package org.netdissect.explain;

import org.netdissect.base.GridSize;

/**
 * The gradient of a class's score with respect to a layer's output for one image, and that output. Their product is the
 * attribution ("The Building Blocks of Interpretability", Olah and others 2018).
 *
 * @param units number of channels
 * @param map size of one unit's map
 * @param activations {@code [units][map cells]}
 * @param gradients {@code [units][map cells]}
 */
@SuppressWarnings("ArrayRecordComponent") // large, and nobody compares it
record LayerAttribution(int units, GridSize map, float[] activations, float[] gradients) {
    /** Attributions of the units, {@code [units]}: each the sum over all places. */
    double[] byUnit() {
        double[] sums = new double[units];
        for (int i = 0; i < activations.length; i++) {
            sums[i / map.cells()] += (double) activations[i] * gradients[i];
        }
        return sums;
    }

    /** Attributions of the places, {@code [map cells]}: each the sum over all units. */
    double[] byPlace() {
        double[] sums = new double[map.cells()];
        for (int i = 0; i < activations.length; i++) {
            sums[i % map.cells()] += (double) activations[i] * gradients[i];
        }
        return sums;
    }

    /** The sum over units and places; the score itself, less its bias, where only linear maps follow the layer. */
    double sum() {
        double sum = 0;
        for (double attribution : byUnit()) {
            sum += attribution;
        }
        return sum;
    }

    /** Whether a unit's activations have a mean below 0. */
    boolean isNegative(int unit) {
        double sum = 0;
        for (int cell = 0; cell < map.cells(); cell++) {
            sum += activations[unit * map.cells() + cell];
        }
        return sum < 0;
    }

    /** The map's size, or what is left where a side is longer than {@code most}. */
    GridSize cells(int most) {
        return new GridSize(Math.min(most, map.height()), Math.min(most, map.width()));
    }

    /**
     * The activations' mean in each cell of a grid over the map, as directions of length 1.
     *
     * @param cells no more than the map has
     * @return {@code [cells][units]}; 0 where no unit is active
     */
    float[] directions(GridSize cells) {
        float[] directions = new float[cells.cells() * units];
        for (int cell = 0; cell < cells.cells(); cell++) {
            int row = cell / cells.width();
            int column = cell % cells.width();
            int top = row * map.height() / cells.height();
            int bottom = (row + 1) * map.height() / cells.height();
            int left = column * map.width() / cells.width();
            int right = (column + 1) * map.width() / cells.width();
            double[] sums = new double[units];
            double square = 0;
            for (int unit = 0; unit < units; unit++) {
                for (int y = top; y < bottom; y++) {
                    for (int x = left; x < right; x++) {
                        sums[unit] += activations[unit * map.cells() + y * map.width() + x];
                    }
                }
                square += sums[unit] * sums[unit];
            }
            for (int unit = 0; unit < units && square > 0; unit++) {
                directions[cell * units + unit] = (float) (sums[unit] / Math.sqrt(square));
            }
        }
        return directions;
    }
}
