package org.netdissect.base;

/** Which end of a unit's activations. The lower tail is the upper one of the negated activations. */
public enum Tail {
    /** The greatest activations, the ones that Network Dissection looks at. */
    UPPER("upper"),
    /** The least ones. */
    LOWER("lower");

    private final String text;

    Tail(String text) {
        this.text = text;
    }

    /** The spelling in options and tables. */
    @Override
    public String toString() {
        return text;
    }
}
