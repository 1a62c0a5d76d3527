package org.netdissect.broden;

import java.util.List;
import java.util.OptionalInt;

/**
 * Which part of a probe set to use.
 *
 * @param splits names of splits; empty for all
 * @param categories names of categories; empty for all
 * @param limit how many images at most, the first ones of the splits
 */
public record Selection(List<String> splits, List<String> categories, OptionalInt limit) {
    /** The whole probe set. */
    public static final Selection ALL = new Selection(List.of(), List.of(), OptionalInt.empty());

    /** Keeps unmodifiable copies. */
    public Selection {
        splits = List.copyOf(splits);
        categories = List.copyOf(categories);
    }
}
