package org.netdissect.report;

import java.util.List;

/**
 * A unit, class or direction on a contact sheet, with formatted numbers.
 *
 * @param subject such as {@code unit 8}
 * @param number from 1
 * @param hint the channel or objective, shown on demand
 * @param label concept or name, empty for none
 * @param category of the concept, empty for none
 * @param color of the category
 * @param hasConcept whether it was dissected
 * @param score IoU, or without a dissection the ratio to the best probe image
 * @param iou empty without a dissection
 * @param state one word, empty where the first image moved
 * @param outcome of the first image in words, empty for none
 * @param quality of the first image
 * @param thumbnail name of the first image's file, empty where it failed
 * @param tiles its images, the first one largest
 */
record SheetUnit(
        String subject,
        int number,
        String hint,
        String label,
        String category,
        String color,
        boolean hasConcept,
        boolean detector,
        double score,
        String iou,
        String state,
        String outcome,
        List<Fact> quality,
        String thumbnail,
        List<Tile> tiles) {

    /** One number of an image's quality. */
    record Fact(String name, String value) {}

    /**
     * One image.
     *
     * @param source address of its file from the page
     * @param alt description for those who cannot see it
     * @param title over the enlarged image
     * @param text under the enlarged image
     * @param kind caption, empty for the first image
     */
    record Tile(String source, int width, int height, String alt, String title, String text, String kind) {

        /** The image beside images of the probe set, which it must not be taken for. */
        Tile beside(String address) {
            return new Tile(address, width, height, alt, title, text, kind.isEmpty() ? "optimised" : kind);
        }

        /** The image with its unit's label. */
        Tile labelled(String label) {
            String named = title + (label.isEmpty() ? "" : ": " + label) + (kind.isEmpty() ? "" : ", " + kind);
            return new Tile(source, width, height, alt, named, text, kind);
        }
    }
}
