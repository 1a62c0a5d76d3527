package org.netdissect.broden;

/** One entry of a category's cell in index.csv; a cell holds several, separated by {@code ;}. */
public sealed interface Cell {

    /**
     * A PNG that gives a label to each pixel, number = R + 256 * G.
     *
     * @param file below {@code images/}
     */
    record Plane(String file) implements Cell {}

    /**
     * A label of the whole image.
     *
     * @param number label number; 0 is no label
     */
    record Scalar(int number) implements Cell {}
}
