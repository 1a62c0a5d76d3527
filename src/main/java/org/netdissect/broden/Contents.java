package org.netdissect.broden;

import java.util.List;
import java.util.Map;

/**
 * Contents of a probe set, as far as it could be read.
 *
 * @param images rows of index.csv
 * @param imagesPerSplit by split, in order of name
 * @param imagesWithoutLabels images that carry no label of any category
 * @param categories in the order of category.csv
 * @param unusedLabels labels of label.csv that no image carries, by number
 */
public record Contents(
        int images,
        Map<String, Integer> imagesPerSplit,
        int imagesWithoutLabels,
        List<PerCategory> categories,
        List<UnusedLabel> unusedLabels) {

    /**
     * Contents of one category's cells.
     *
     * @param name the category
     * @param images images with at least one of its labels
     * @param labels distinct labels that occur
     * @param labelledPixels pixels of the label grids that carry one or more of its labels; a label of a whole image
     *     covers sh * sw of them
     * @param planes PNG files read
     */
    public record PerCategory(String name, int images, int labels, long labelledPixels, int planes) {}

    /**
     * A row of label.csv that no image uses.
     *
     * @param number label number
     * @param name as in label.csv
     */
    public record UnusedLabel(int number, String name) {}
}
