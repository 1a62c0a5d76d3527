package org.netdissect.run;

import java.util.List;
import org.netdissect.base.Spelling;
import org.netdissect.base.Tail;

/** Tails of each layer to dissect. */
public enum TailChoice {
    /** The greatest activations. */
    UPPER,
    /** The least activations. */
    LOWER,
    /** Both, as two layers. */
    BOTH;

    public List<Tail> tails() {
        return switch (this) {
            case UPPER -> List.of(Tail.UPPER);
            case LOWER -> List.of(Tail.LOWER);
            case BOTH -> List.of(Tail.UPPER, Tail.LOWER);
        };
    }

    /** The option's spelling. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
