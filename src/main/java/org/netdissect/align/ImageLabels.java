package org.netdissect.align;

import java.util.BitSet;
import org.netdissect.labels.LabelMap;
import org.netdissect.labels.LabelTable;

/** The labels of one image with their numbers of pixels, and the categories that it holds. */
public final class ImageLabels {
    private final LabelMap map;
    private final LabelTable table;
    private final AlignmentRules rules;
    /** [labels] |L_c| of the image */
    private final int[] truth;
    /** [categories] whether one of its labels covers the image */
    private final boolean[] covering;
    /** [categories] whether the image holds one of its labels */
    private final boolean[] held;

    ImageLabels(LabelMap map, LabelTable table, int categoryCount, AlignmentRules rules) {
        this.map = map;
        this.table = table;
        this.rules = rules;
        this.truth = new int[table.size()];
        this.covering = new boolean[categoryCount];
        for (char[] plane : map.planes()) {
            // neighbours mostly share a label
            for (int from = 0, to; from < plane.length; from = to) {
                char label = plane[from];
                for (to = from + 1; to < plane.length && plane[to] == label; ) {
                    to++;
                }
                truth[label] += to - from;
            }
        }
        truth[0] = 0; // in a plane 0 is no label, in a cell of index.csv it may be one
        for (int label : map.imageLabels()) {
            truth[label] += map.size().cells();
            if (label != 0) {
                covering[table.primaryCategory(label)] = true;
            } else if (rules.zero() == LabelZero.LABEL) {
                covering[categoryCount - 1] = true;
            }
        }
        this.held = covering.clone();
        for (int label = 1; label < truth.length; label++) {
            if (truth[label] > 0) {
                held[table.primaryCategory(label)] = true;
            }
        }
    }

    /** The rules by which labels are counted. */
    AlignmentRules rules() {
        return rules;
    }

    /** The labels by pixel. */
    LabelMap map() {
        return map;
    }

    /** |L_c|: number of pixels with the label; may exceed the image's pixels if a label counts once for each plane. */
    int truth(int label) {
        return truth[label];
    }

    /** Whether the image holds a label of the category. */
    boolean holds(int category) {
        return held[category];
    }

    /** Positions of the categories that the image holds. */
    BitSet held() {
        BitSet categories = new BitSet();
        for (int category = 0; category < held.length; category++) {
            categories.set(category, held[category]);
        }
        return categories;
    }

    /** [categories] whether one of its labels covers the image; a copy. */
    boolean[] covering() {
        return covering.clone();
    }

    /** Primary category of a label. */
    int category(int label) {
        return table.primaryCategory(label);
    }

    /** Adds |L_c| of every label. */
    void addTruth(AlignmentCounts counts) {
        for (int label = 0; label < truth.length; label++) {
            if (truth[label] > 0) {
                counts.addTruth(label, truth[label]);
            }
        }
    }
}
