package org.netdissect.torchscript.syntax;

/**
 * One token of TorchScript source.
 *
 * @param text as in the source; empty for NEWLINE, INDENT, DEDENT and END
 * @param start offset of the first character
 * @param end offset past the last character
 * @param line line of the first character, from 1
 */
record Token(Kind kind, String text, int start, int end, int line) {
    enum Kind {
        NAME,
        KEYWORD,
        NUMBER,
        STRING,
        OPERATOR,
        NEWLINE,
        INDENT,
        DEDENT,
        END
    }

    boolean is(String operatorOrKeyword) {
        return (kind == Kind.OPERATOR || kind == Kind.KEYWORD) && text.equals(operatorOrKeyword);
    }

    /** Name of the token for error messages. */
    String shown() {
        return switch (kind) {
            case NEWLINE -> "the end of the line";
            case INDENT -> "an indented line";
            case DEDENT -> "the end of the block";
            case END -> "the end of the file";
            default -> "'" + text + "'";
        };
    }
}
