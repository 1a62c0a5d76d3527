package org.netdissect.base;

/** End of the distribution of a unit's activations. The lower tail is the upper tail of the negated activations. */
public enum Tail {
    /** The greatest activations, as in Network Dissection. */
    UPPER,
    /** The least activations. */
    LOWER;

    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
