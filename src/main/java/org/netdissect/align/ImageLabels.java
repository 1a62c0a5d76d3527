package org.netdissect.align;

import java.util.Arrays;
import java.util.List;
import org.netdissect.broden.LabelMap;
import org.netdissect.broden.LabelTable;

/**
 * What alignment needs of one image's labels: which categories it holds, and for a mask how many of its pixels carry each
 * label.
 */
final class ImageLabels {
    private final LabelMap map;
    private final char[][] planes;
    /** positions of the categories that are primary for some label of the image */
    private final int[] categories;

    ImageLabels(LabelMap map, LabelTable table, int categoryCount) {
        this.map = map;
        this.planes = map.planes();
        boolean[] present = new boolean[categoryCount];
        for (int label : map.imageLabels()) {
            present[table.primaryCategory(label)] = true;
        }
        boolean[] seen = new boolean[table.size()];
        for (char[] plane : planes) {
            for (char label : plane) {
                seen[label] = true;
            }
        }
        for (int label = 1; label < seen.length; label++) {
            if (seen[label]) {
                present[table.primaryCategory(label)] = true;
            }
        }
        int count = 0;
        int[] positions = new int[categoryCount];
        for (int category = 0; category < categoryCount; category++) {
            if (present[category]) {
                positions[count++] = category;
            }
        }
        this.categories = Arrays.copyOf(positions, count);
    }

    LabelMap map() {
        return map;
    }

    int[] categories() {
        return categories;
    }

    /** Adds |L_c| of this image to every layer's counts. */
    void addTruth(LabelTally tally, List<AlignmentCounts> layers) {
        for (char[] plane : planes) {
            for (char label : plane) {
                tally.add(label, 1);
            }
        }
        tally.drain((label, pixels) -> layers.forEach(counts -> counts.addTruth(label, pixels)));
        for (int label : map.imageLabels()) {
            layers.forEach(counts -> counts.addTruth(label, map.size().cells()));
        }
    }

    /** Adds |M_k| and |M_k & L_c| of one mask: {@code pixels[0 .. count-1]}. */
    void addMask(int unit, int[] pixels, int count, LabelTally tally, AlignmentCounts counts) {
        for (int category : categories) {
            counts.addActivation(unit, category, count);
        }
        for (int label : map.imageLabels()) {
            counts.addIntersect(unit, label, count);
        }
        for (char[] plane : planes) {
            addRuns(plane, pixels, count, tally);
        }
        tally.drain((label, found) -> counts.addIntersect(unit, label, found));
    }

    /** Neighbours mostly share a label: runs are counted in a register, which a counter in memory would hold up. */
    private static void addRuns(char[] plane, int[] pixels, int count, LabelTally tally) {
        int start = 0;
        for (int i = 1; i < count; i++) {
            char label = plane[pixels[i - 1]];
            if (plane[pixels[i]] != label) {
                tally.add(label, i - start);
                start = i;
            }
        }
        if (count > 0) {
            tally.add(plane[pixels[count - 1]], count - start);
        }
    }
}
