package org.netdissect.broden;

import org.netdissect.base.Spelling;

/** What the samples of a label plane mean. */
public enum PlaneEncoding {
    /** Broden's: RGB with number = R + 256 * G and blue 0. */
    BRODEN,
    /** Grey values, or indices into a palette, are the numbers. */
    INDEX;

    /** The option that chooses one, as messages name it. */
    static final String OPTION = "--label-planes";

    /** The option's spelling. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
