package org.netdissect.broden;

import java.util.List;
import java.util.OptionalInt;

/**
 * Choice of images and categories of a probe set.
 *
 * @param splits names of splits; empty for all
 * @param categories names of categories; empty for all
 * @param limit greatest number of images; the first ones of the splits are taken
 */
public record ImageSelection(List<String> splits, List<String> categories, OptionalInt limit) {
    /** The whole probe set. */
    public static final ImageSelection ALL = new ImageSelection(List.of(), List.of(), OptionalInt.empty());

    public ImageSelection {
        splits = List.copyOf(splits);
        categories = List.copyOf(categories);
    }
}
