package org.netdissect.broden;

/** Encodings of label numbers in the samples of a label plane. */
public enum PlaneEncoding {
    /** Broden's encoding: RGB with number = R + 256 * G and blue 0. */
    BRODEN("broden"),
    /** Grey values or palette indices as numbers. */
    INDEX("index");

    /** Option that chooses the encoding, for messages. */
    static final String OPTION = "--label-planes";

    private final String text;

    PlaneEncoding(String text) {
        this.text = text;
    }

    /** Spelling in the option. */
    @Override
    public String toString() {
        return text;
    }
}
