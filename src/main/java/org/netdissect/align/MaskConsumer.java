package org.netdissect.align;

import java.io.IOException;

/**
 * Takes the masks of an {@link Alignment.Target}. Images come in any order, each once, and on several threads at once;
 * all masks of one image come on one thread.
 *
 * <p>A map without mask comes only if the consumer needs it ({@link #needsAbove}); a map that no consumer needs is not
 * even read.
 */
public interface MaskConsumer {
    /**
     * Activation that a map without mask must exceed somewhere to be needed. Positive infinity, the default, if no such
     * map is needed; negative infinity if every map is. It never falls during the pass.
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
     * @return consumer of the masks on this image
     */
    OfImage begin(int image, ImageLabels labels);

    /** Takes the masks of all units on one image; used by one thread. */
    @FunctionalInterface
    interface OfImage {
        /**
         * Takes a map and its mask.
         *
         * @param map activations, row by row; not to be changed, nor kept
         * @param mask empty only if the map was needed without a mask
         */
        void accept(int unit, float[] map, MaskPixels mask);

        /** Ends the image. */
        default void end() throws IOException {}
    }
}
