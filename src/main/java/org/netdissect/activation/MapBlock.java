package org.netdissect.activation;

import org.netdissect.base.GridSize;

/** Maps of a few consecutive images: {@code [images][units][map cells]}. */
public interface MapBlock {
    /** Position of the first image in the probe set, 0-based. */
    int firstImage();

    /** Number of images. */
    int images();

    /** Number of units. */
    int units();

    /** Size of one unit's map. */
    GridSize map();

    /**
     * Upper bound of a map's values, known without reading the map.
     *
     * @param image 0-based within the block
     */
    default float limit(int image, int unit) {
        return Float.POSITIVE_INFINITY;
    }

    /**
     * Reads one map.
     *
     * @param image 0-based within the block
     * @param target gets the map in {@code [0 .. map cells - 1]}
     */
    void read(int image, int unit, float[] target);
}
