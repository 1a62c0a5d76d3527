package org.netdissect.torchscript.syntax;

/**
 * Position of a node in its source. All spans are equal to each other, so that trees that differ only in position are
 * equal.
 *
 * @param start offset of the first character
 * @param end offset past the last character, including the end of the last line
 * @param line line of the first character, from 1
 */
public record Span(int start, int end, int line) {
    /** The span of generated nodes, which are in no source. */
    public static final Span NONE = new Span(0, 0, 0);

    @Override
    public boolean equals(Object other) {
        return other instanceof Span;
    }

    @Override
    public int hashCode() {
        return 0;
    }
}
