package org.netdissect.broden;

/** What the samples of a label plane mean. */
public enum PlaneEncoding {
    /** Broden's: RGB with number = R + 256 * G and blue 0. */
    BRODEN("broden"),
    /** Grey values, or indices into a palette, are the numbers. */
    INDEX("index");

    /** The option that chooses one, as messages name it. */
    static final String OPTION = "--label-planes";

    private final String text;

    PlaneEncoding(String text) {
        this.text = text;
    }

    /** The option's spelling. */
    @Override
    public String toString() {
        return text;
    }
}
