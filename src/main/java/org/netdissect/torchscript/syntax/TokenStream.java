package org.netdissect.torchscript.syntax;

import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.Token.Kind;

/** Tokens with two in sight, and a bound on how deep the parser goes. */
final class TokenStream {
    /** Nested brackets and blocks. PyTorch's printer breaks lines at 40 characters, so real code stays far below. */
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

    /** Goes on without counting the token as part of any node. */
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

    /** From the first token of a node to the last one that was taken. */
    Span spanFrom(Token first) {
        return new Span(first.start(), last.end(), first.line());
    }

    /** The text from the token to the last one that was taken; none where that came before it. */
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
