package org.netdissect.align;

/** What a number 0 in a cell of index.csv, 'unlabelled', counts for. */
public enum LabelZero {
    /** Nothing. */
    IGNORED("ignored"),
    /**
     * A label of the last category without a name, whose truth and intersection count; images do not hold the category
     * for it, and no activation belongs to it (the released code of Network Dissection).
     */
    TALLIED("tallied"),
    /** A label of the last category in every respect, but without a name (NetDissect-Lite). */
    LABEL("label");

    private final String text;

    LabelZero(String text) {
        this.text = text;
    }

    /** The option's spelling. */
    @Override
    public String toString() {
        return text;
    }
}
