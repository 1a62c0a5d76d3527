package org.netdissect.align;

/** Treatment of the number 0, 'unlabelled', in a cell of index.csv. */
public enum LabelZero {
    /** Nothing. */
    IGNORED("ignored"),
    /**
     * An unnamed label of the last category, whose truth and intersection count, but which neither makes images hold
     * the category nor has an activation (the released code of Network Dissection).
     */
    TALLIED("tallied"),
    /** An ordinary label of the last category, only without a name (NetDissect-Lite). */
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
