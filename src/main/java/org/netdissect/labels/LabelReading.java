package org.netdissect.labels;

/**
 * Rules by which planes and whole-image labels are counted.
 *
 * @param once whether a label that a pixel has several times counts once; else each time
 * @param zero whether the number 0 for a whole image is a label; else it is none
 */
public record LabelReading(boolean once, boolean zero) {
    /** The definition: each label counts once at a pixel, and 0 is none. */
    public static final LabelReading STANDARD = new LabelReading(true, false);
}
