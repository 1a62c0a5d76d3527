package org.netdissect.visualize;

import java.util.List;
import org.netdissect.base.Spelling;

/** Whether objectives are made great, small, or each in an image of its own. */
public enum Tails {
    POSITIVE,
    NEGATIVE,
    BOTH;

    /** For each image of a target, whether its objective is made small. */
    List<Boolean> negative() {
        return switch (this) {
            case POSITIVE -> List.of(false);
            case NEGATIVE -> List.of(true);
            case BOTH -> List.of(false, true);
        };
    }

    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
