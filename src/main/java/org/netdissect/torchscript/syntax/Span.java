package org.netdissect.torchscript.syntax;

/**
 * Where a node stands in its source. All spans are equal: the place is no part of what a node says, so two trees are
 * equal when they say the same.
 *
 * @param start offset of the first character
 * @param end offset past the last character, the end of the last line included
 * @param line line of the first character, from 1
 */
public record Span(int start, int end, int line) {
    /** The span of what was made here and stands in no source. */
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
