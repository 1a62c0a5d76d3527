package org.netdissect.labels;

/**
 * How the cells of an image become labels.
 *
 * @param once whether a label that several planes or cells give a pixel counts once there; else once for each
 * @param zero whether a number 0 in a cell stands for a label that covers the image; else for nothing
 */
public record LabelReading(boolean once, boolean zero) {
    /** Each label once at a pixel, and 0 is none. */
    public static final LabelReading USUAL = new LabelReading(true, false);
}
