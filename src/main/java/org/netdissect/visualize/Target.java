package org.netdissect.visualize;

import org.netdissect.result.Visualized;

/**
 * The objective of one image.
 *
 * @param kind of the objective
 * @param index of the channel, class or direction, from 0; 0 for a layer
 * @param negative whether the objective is made small
 * @param variant number of the image among diverse ones, from 1
 * @param name of the class or direction, or empty
 */
record Target(Visualized.Objective kind, int index, boolean negative, int variant, String name) {
    /** Purposes of random numbers, which keep starts, moves and tests apart. */
    static final int START = 1;

    static final int MOVES = 2;
    static final int TESTS = 3;
    static final int DIRECTIONS = 4;

    /** Name of the image's file, without ending. */
    String stem() {
        return Visualized.image(kind, index, negative, variant);
    }

    /** The first of the diverse images of the same unit and tail. */
    Target firstVariant() {
        return new Target(kind, index, negative, 1, name);
    }

    /** Name for messages. */
    String text() {
        return switch (kind) {
            case CHANNEL, NEURON -> "unit " + (index + 1) + " (channel " + index + ")";
            case LOGIT, PROBABILITY -> "class " + index + (name.isEmpty() ? "" : " (" + name + ")");
            case DIRECTION -> "direction " + index;
            case LAYER -> "the layer";
        };
    }

    /** The same target's other images have other random numbers. */
    long[] purpose(int what, long step) {
        return new long[] {what, index, variant, step};
    }
}
