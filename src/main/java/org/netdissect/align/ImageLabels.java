package org.netdissect.align;

import java.util.BitSet;
import java.util.List;
import org.netdissect.labels.LabelMap;
import org.netdissect.labels.LabelTable;

/** One image's labels as alignment needs them: categories held, and for a mask the pixels per label. */
final class ImageLabels {
    private final LabelMap map;
    private final char[][] planes;
    private final LabelTable table;
    private final AlignmentRules rules;
    /** [categories] whether one of its labels covers the image */
    private final boolean[] covering;
    /** [categories] whether the image holds one of its labels */
    private final boolean[] held;
    /** [categories] whether the current mask touches one of its labels */
    private final boolean[] touched;

    ImageLabels(LabelMap map, LabelTable table, int categoryCount, AlignmentRules rules) {
        this.map = map;
        this.planes = map.planes();
        this.table = table;
        this.rules = rules;
        this.covering = new boolean[categoryCount];
        this.touched = new boolean[categoryCount];
        for (int label : map.imageLabels()) {
            if (label != 0) {
                covering[table.primaryCategory(label)] = true;
            } else if (rules.zero() == LabelZero.LABEL) {
                covering[categoryCount - 1] = true;
            }
        }
        this.held = covering.clone();
        boolean[] seen = new boolean[table.size()];
        for (char[] plane : planes) {
            for (char label : plane) {
                seen[label] = true;
            }
        }
        for (int label = 1; label < seen.length; label++) {
            if (seen[label]) {
                held[table.primaryCategory(label)] = true;
            }
        }
    }

    LabelMap map() {
        return map;
    }

    /** Whether the image counts for the activation of the category, unless that depends on the mask. */
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
        for (int label : map.imageLabels()) {
            counts.addIntersect(unit, label, count);
        }
        for (char[] plane : planes) {
            addRuns(plane, pixels, count, tally);
        }
        if (rules.images() == ActivationImages.HOLDING) {
            tally.drain((label, found) -> counts.addIntersect(unit, label, found));
            addActivation(unit, count, held, counts);
        } else {
            System.arraycopy(covering, 0, touched, 0, covering.length);
            tally.drain((label, found) -> {
                counts.addIntersect(unit, label, found);
                touched[table.primaryCategory(label)] = true;
            });
            addActivation(unit, count, touched, counts);
        }
    }

    private static void addActivation(int unit, int count, boolean[] categories, AlignmentCounts counts) {
        for (int category = 0; category < categories.length; category++) {
            if (categories[category]) {
                counts.addActivation(unit, category, count);
            }
        }
    }

    /**
     * Counts runs of equal labels in a register: neighbours mostly share a label, and a counter in memory is slower.
     */
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
