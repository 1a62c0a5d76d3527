package org.netdissect.report;

import java.util.List;

/**
 * One unit on a page, with formatted numbers.
 *
 * @param unit from 1
 * @param label display name, empty for none
 * @param labelNumber of label.csv, 0 for none
 * @param category of the label, empty for none
 * @param color of the category
 * @param detector whether the score is above the threshold
 * @param score with all its digits, for sorting
 * @param baseline interval, p and q of the score in words; empty without a baseline
 * @param runnersUp the next concepts
 * @param made its images by optimisation, empty for none
 * @param rows images that activate it most and, if wanted, least
 */
record UnitView(
        int unit,
        String label,
        int labelNumber,
        String category,
        String color,
        boolean detector,
        double score,
        String iou,
        String precision,
        String recall,
        String threshold,
        String baseline,
        List<RunnerUp> runnersUp,
        List<SheetUnit.Tile> made,
        List<Row> rows) {

    /** Another concept of great IoU. */
    record RunnerUp(String label, String color, String iou) {}

    /**
     * Images in a row.
     *
     * @param heading empty if the page shows only the images that activate units most
     * @param note on images that the row leaves out, or empty
     */
    record Row(String heading, String note, List<Tile> tiles) {}

    /**
     * One image.
     *
     * @param image its position in the probe set
     * @param source address of the file
     * @param text description of the image
     * @param viewBox of the path
     * @param path a frame around the grid, then the mask's outline; filled by the even-odd rule it is all but the mask.
     *     Empty for no mask
     * @param covered share of the image that the mask covers
     * @param overlap IoU of mask and concept on this image
     */
    record Tile(
            int image,
            String source,
            String text,
            int width,
            int height,
            String viewBox,
            String path,
            String covered,
            String overlap) {}
}
