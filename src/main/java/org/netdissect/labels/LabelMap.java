package org.netdissect.labels;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.netdissect.base.GridSize;

/**
 * The labels of one image, ready for counting: a sum over all planes and image labels counts each pixel of a label
 * once. The arrays are not copied; do not write to them.
 */
public final class LabelMap {
    private final GridSize size;
    private final int[] imageLabels;
    private final char[][] planes;

    private LabelMap(GridSize size, int[] imageLabels, char[][] planes) {
        this.size = size;
        this.imageLabels = imageLabels;
        this.planes = planes;
    }

    /**
     * A map of label numbers.
     *
     * @param scalars labels that cover the whole image
     * @param planes each [pixel, row-major], 0 where there is no label; erased in place where a label would count
     *     twice, unless the reading counts it each time
     */
    public static LabelMap of(GridSize size, int[] scalars, List<char[]> planes, LabelReading reading) {
        IntStream numbers = Arrays.stream(scalars)
                .filter(number -> number != 0 || reading.zero())
                .sorted();
        int[] imageLabels = (reading.once() ? numbers.distinct() : numbers).toArray();
        if (!reading.once()) {
            char[][] all = planes.stream().filter(plane -> !isEmpty(plane)).toArray(char[][]::new);
            return new LabelMap(size, imageLabels, all);
        }
        char[][] kept = new char[planes.size()][];
        int count = 0;
        for (char[] plane : planes) {
            for (int label : imageLabels) {
                // erasing label 0 changes nothing
                erase(plane, (char) label);
            }
            for (int earlier = 0; earlier < count; earlier++) {
                eraseEqual(plane, kept[earlier]);
            }
            if (!isEmpty(plane)) {
                kept[count++] = plane;
            }
        }
        return new LabelMap(size, imageLabels, Arrays.copyOf(kept, count));
    }

    private static void erase(char[] plane, char label) {
        for (int i = 0; i < plane.length; i++) {
            if (plane[i] == label) {
                plane[i] = 0;
            }
        }
    }

    private static void eraseEqual(char[] plane, char[] earlier) {
        for (int i = 0; i < plane.length; i++) {
            if (plane[i] == earlier[i]) {
                plane[i] = 0;
            }
        }
    }

    private static boolean isEmpty(char[] plane) {
        for (char label : plane) {
            if (label != 0) {
                return false;
            }
        }
        return true;
    }

    /** The label grid of the image, sh x sw. */
    public GridSize size() {
        return size;
    }

    /** Labels that cover the whole image, ascending; by {@link LabelReading#STANDARD} each once and never 0. */
    public int[] imageLabels() {
        return imageLabels;
    }

    /**
     * Label numbers, [plane][pixel, row-major], 0 for none. By {@link LabelReading#STANDARD} a pixel has a label in at
     * most one plane, and none of {@link #imageLabels} in any. Planes without a label are left out.
     */
    public char[][] planes() {
        return planes;
    }
}
