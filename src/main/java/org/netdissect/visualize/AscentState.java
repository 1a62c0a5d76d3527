package org.netdissect.visualize;

import org.netdissect.network.FloatTensor;

/**
 * The state from which the ascent of a batch goes on.
 *
 * @param steps made
 * @param parameter of all images
 * @param first Adam's first moment
 * @param second Adam's second moment
 * @param objectives {@code [steps][images]} before each step
 * @param leaks {@code [images]} steps whose gradient came through leaky rectifiers
 */
@SuppressWarnings("ArrayRecordComponent") // large, and nobody compares it
record AscentState(
        int steps, FloatTensor parameter, FloatTensor first, FloatTensor second, float[][] objectives, int[] leaks) {}
