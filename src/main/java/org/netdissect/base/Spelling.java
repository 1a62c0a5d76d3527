package org.netdissect.base;

import java.util.Locale;

/** The spelling of constants in options and files: lower case with hyphens. */
public final class Spelling {
    private Spelling() {}

    /** The spelling of a constant, such as {@code half-pixel} for HALF_PIXEL. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
