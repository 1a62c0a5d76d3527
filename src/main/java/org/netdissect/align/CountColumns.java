package org.netdissect.align;

import org.netdissect.labels.LabelTable;

/**
 * Where the counts of one unit stand in an array. Column 0 has pixels without a label, which mean nothing.
 *
 * @param labels greatest label number + 1
 * @param categories number of categories
 * @param activations whether each category has a column too, for activation that depends on what a mask touches
 */
public record CountColumns(int labels, int categories, boolean activations) {
    /** The columns that counting by some rules needs. */
    public static CountColumns of(LabelTable labels, int categories, AlignmentRules rules) {
        return new CountColumns(labels.size(), categories, rules.images() == ActivationImages.TOUCHED);
    }

    /** Number of columns. */
    public int width() {
        return activation(activations ? categories : 0);
    }

    /** Column of a label's intersect; 0 is the number 0 of a cell, not the lack of a label. */
    public int intersect(int label) {
        return label == 0 ? labels : label;
    }

    /** Column of a category's activation. */
    public int activation(int category) {
        return labels + 1 + category;
    }
}
