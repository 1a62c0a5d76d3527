package org.netdissect.labels;

/**
 * Rules for counting the labels of planes and of whole images.
 *
 * @param once whether a label that a pixel has several times counts once, or each time
 * @param zero whether the number 0 for a whole image is a label
 */
public record LabelReading(boolean once, boolean zero) {
    /** The rules of the paper's definition: each label counts once at a pixel, and 0 is no label. */
    public static final LabelReading STANDARD = new LabelReading(true, false);
}
