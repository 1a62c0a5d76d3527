package org.netdissect.image;

import org.netdissect.base.Spelling;

/** Encodings of label numbers in the samples of a label plane. */
public enum PlaneEncoding {
    /** Broden's encoding: RGB with number = R + 256 * G and blue 0. */
    BRODEN,
    /** Grey values or palette indices as numbers. */
    INDEX;

    /** Option that chooses the encoding, for messages. */
    public static final String OPTION = "--label-planes";

    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
