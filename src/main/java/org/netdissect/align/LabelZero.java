package org.netdissect.align;

import org.netdissect.base.Spelling;

/** Treatment of the number 0, 'unlabelled', in a cell of index.csv. */
public enum LabelZero {
    /** The number is ignored. */
    IGNORED,
    /**
     * An unnamed label of the last category, whose truth and intersection count, but which neither makes images hold
     * the category nor has an activation (the released code of Network Dissection).
     */
    TALLIED,
    /** An ordinary label of the last category, only without a name (NetDissect-Lite). */
    LABEL;

    /** The option's spelling. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
