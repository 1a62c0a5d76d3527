package org.netdissect.activation;

import org.netdissect.base.GridSize;

/**
 * Shape of one layer's activations over a probe set: {@code [images][units][map.height][map.width]}, row-major.
 *
 * @param images number of images, at least 1
 * @param units number of channels, at least 1
 * @param map size of one unit's activation map; 1x1 for fully connected layers
 */
public record ActivationShape(int images, int units, GridSize map) {

    /** Throws {@link IllegalArgumentException} unless every axis is positive. */
    public ActivationShape {
        if (images < 1 || units < 1) {
            throw new IllegalArgumentException("activations of " + images + " images and " + units + " units");
        }
    }

    /** Number of values of one image: {@code units * map cells}. Throws {@link ArithmeticException} past 2^31 - 1. */
    public int valuesPerImage() {
        return Math.multiplyExact(units, map.cells());
    }

    /** Number of values of one unit over all images: the N of the quantile. */
    public long valuesPerUnit() {
        return Math.multiplyExact((long) images, map.cells());
    }

    /** Number of all values. */
    public long values() {
        return Math.multiplyExact((long) images, valuesPerImage());
    }
}
