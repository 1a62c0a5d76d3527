package org.netdissect.align;

import org.netdissect.labels.LabelTable;

/**
 * Columns of an array of one unit's counts. Column 0 counts pixels without a label and is ignored.
 *
 * @param labels greatest label number + 1
 * @param categories number of categories
 * @param activations whether each category has a column for activation, because it depends on the labels that a mask
 *     touches
 */
public record CountColumns(int labels, int categories, boolean activations) {
    /** Columns that these rules need. */
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
