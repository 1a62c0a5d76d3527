package org.netdissect.torchscript.syntax;

import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.Token.Kind;

/** The tokens of a source with a lookahead of two, and a bound on the depth of the parser. */
final class TokenStream {
    /**
     * Bound on nested brackets and blocks. PyTorch's printer breaks lines at 40 characters, so real code stays far
     * below.
     */
    static final int MAX_DEPTH = 200;

    private final SourceText source;
    private final Lexer lexer;
    private Token current;
    private Token following;
    private Token last;
    private int depth;

    TokenStream(SourceText source) {
        this.source = source;
        this.lexer = new Lexer(source);
        this.current = lexer.next();
        this.following = lexer.next();
        this.last = current;
    }

    Token current() {
        return current;
    }

    Token following() {
        return following;
    }

    Token advance() {
        last = current;
        current = following;
        following = lexer.next();
        return last;
    }

    /** Skips the token without adding it to the span of any node. */
    void skip() {
        Token kept = last;
        advance();
        last = kept;
    }

    boolean at(String operatorOrKeyword) {
        return current.is(operatorOrKeyword);
    }

    boolean at(Kind kind) {
        return current.kind() == kind;
    }

    boolean accept(String operatorOrKeyword) {
        boolean found = at(operatorOrKeyword);
        if (found) {
            advance();
        }
        return found;
    }

    Token expect(String operatorOrKeyword) {
        if (!at(operatorOrKeyword)) {
            throw unexpected("'" + operatorOrKeyword + "'");
        }
        return advance();
    }

    Token expect(Kind kind, String shown) {
        if (!at(kind)) {
            throw unexpected(shown);
        }
        return advance();
    }

    /** Span from the first token of a node to the last one taken. */
    Span spanFrom(Token first) {
        return new Span(first.start(), last.end(), first.line());
    }

    /** Text from the token to the last one taken; empty if the last one came before it. */
    String textFrom(Token first) {
        return source.text().substring(first.start(), Math.max(first.start(), last.end()));
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw error("the code is nested more than " + MAX_DEPTH + " deep");
        }
    }

    void leave() {
        depth--;
    }

    InputException unexpected(String expected) {
        return error("found " + current.shown() + " where " + expected + " was expected");
    }

    InputException error(String problem) {
        return source.error(current.line(), problem);
    }
}
