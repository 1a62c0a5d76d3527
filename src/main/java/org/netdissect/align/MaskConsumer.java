package org.netdissect.align;

import java.io.IOException;

/**
 * Takes the masks of an {@link Alignment.Target} in the one pass that feeds all consumers. Images come in any order,
 * each once, and on several threads at once; one image's masks come on one thread.
 *
 * <p>A map without mask comes only if the consumer needs it ({@link #needsAbove}). A map that no consumer needs is not
 * read.
 */
public interface MaskConsumer {
    /**
     * The activation that a map without mask must exceed somewhere to be of use. By default it is positive infinity:
     * such maps are of no use. With negative infinity every map comes. It never falls.
     *
     * @param image position in the probe set
     */
    default float needsAbove(int unit, int image) {
        return Float.POSITIVE_INFINITY;
    }

    /**
     * Begins an image.
     *
     * @param image position in the probe set
     * @return takes the masks on this image
     */
    OfImage begin(int image, ImageLabels labels);

    /** Takes the masks of all units on one image; used by one thread. */
    @FunctionalInterface
    interface OfImage {
        /**
         * Takes a map and its mask.
         *
         * @param map activations, row by row; not to be changed, nor kept
         * @param mask empty only if the map may exceed {@link #needsAbove}
         */
        void accept(int unit, float[] map, MaskPixels mask);

        /** Ends the image. */
        default void end() throws IOException {}
    }
}
