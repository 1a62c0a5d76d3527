package org.netdissect.torchscript.syntax;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.netdissect.torchscript.syntax.Token.Kind;

/**
 * Splits TorchScript source into tokens by Python's rules, one at a time. Indentation becomes INDENT and DEDENT; line
 * ends inside brackets are ignored.
 */
final class Lexer {
    private static final Set<String> KEYWORDS = Set.of(
            "and",
            "as",
            "assert",
            "break",
            "class",
            "continue",
            "def",
            "elif",
            "else",
            "False",
            "for",
            "from",
            "if",
            "import",
            "in",
            "is",
            "lambda",
            "None",
            "not",
            "or",
            "pass",
            "raise",
            "return",
            "True",
            "while",
            "with");
    private static final String[] OPERATORS = {
        "**=", "//=", "<<=", ">>=", "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=", "/=",
        "%=", "&=", "|=", "^=", "@=", "+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">", "(", ")", "[", "]",
        "{", "}", ",", ":", ".", "=", ";"
    };
    private static final int TAB = 8;

    private final SourceText source;
    private final String text;
    private final Deque<Integer> indents = new ArrayDeque<>();
    private int at;
    private int line = 1;
    private int brackets;
    private boolean lineStart = true;
    private int pendingDedents;

    Lexer(SourceText source) {
        this.source = source;
        this.text = source.text();
        indents.push(0);
    }

    /** The next token; always END after the end of the text. */
    Token next() {
        if (pendingDedents > 0) {
            pendingDedents--;
            return empty(Kind.DEDENT);
        }
        if (lineStart && brackets == 0) {
            int column = skipToCode();
            lineStart = at >= text.length();
            if (!lineStart && column != indents.element()) {
                return indentation(column);
            }
        }
        skipBlanks();
        if (at >= text.length()) {
            return atEnd();
        }
        char c = text.charAt(at);
        if (c == '\n') {
            Token end = new Token(Kind.NEWLINE, "", at, at + 1, line);
            at++;
            line++;
            lineStart = true;
            return end;
        }
        return word(c);
    }

    private Token word(char c) {
        if (isNameStart(c)) {
            return name();
        }
        if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
            return take(Kind.NUMBER, numberEnd());
        }
        if (c == '"' || c == '\'') {
            return string(at);
        }
        return operator();
    }

    /** Ends the last line if it has no line end, then the open blocks. */
    private Token atEnd() {
        if (brackets > 0) {
            throw source.error(line, "a bracket is never closed");
        }
        if (!lineStart) {
            lineStart = true;
            return empty(Kind.NEWLINE);
        }
        if (indents.size() > 1) {
            indents.pop();
            return empty(Kind.DEDENT);
        }
        return empty(Kind.END);
    }

    private Token indentation(int column) {
        if (column > indents.element()) {
            indents.push(column);
            return empty(Kind.INDENT);
        }
        while (column < indents.element()) {
            indents.pop();
            pendingDedents++;
        }
        if (column != indents.element()) {
            throw source.error(line, "the indentation fits no open block");
        }
        pendingDedents--;
        return empty(Kind.DEDENT);
    }

    /** Skips to the first line with code and returns its indentation. */
    private int skipToCode() {
        int column = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '#') {
                at = lineEnd() - 1;
            } else if (c == '\n') {
                line++;
                column = 0;
            } else if (c == '\t') {
                column = (column / TAB + 1) * TAB;
            } else if (c == ' ') {
                column++;
            } else if (c != '\r') {
                return column;
            }
        }
        return column;
    }

    private void skipBlanks() {
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean continued = c == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'));
            if (c == '#') {
                at = lineEnd() - 1;
            } else if (continued) {
                at = text.indexOf('\n', at);
                line++;
            } else if (c == '\n' && brackets > 0) {
                line++;
            } else if (c != ' ' && c != '\t' && c != '\r') {
                return;
            }
        }
    }

    private int lineEnd() {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    private Token name() {
        int end = at;
        while (end < text.length() && (isNameStart(text.charAt(end)) || isDigit(text.charAt(end)))) {
            end++;
        }
        char quote = end < text.length() ? text.charAt(end) : '\0';
        if ((quote == '"' || quote == '\'') && StringLiterals.isPrefix(text.substring(at, end))) {
            return string(end);
        }
        return take(KEYWORDS.contains(text.substring(at, end)) ? Kind.KEYWORD : Kind.NAME, end);
    }

    /** End of a Python number without sign, which may be hexadecimal or imaginary. */
    private int numberEnd() {
        boolean hexadecimal = text.charAt(at) == '0' && (peek(1) == 'x' || peek(1) == 'X');
        int end = at;
        while (end < text.length()) {
            char c = text.charAt(end);
            char before = end > at ? text.charAt(end - 1) : '\0';
            boolean exponentSign = (c == '+' || c == '-') && !hexadecimal && (before == 'e' || before == 'E');
            if (!exponentSign && c != '.' && !isDigit(c) && !isNameStart(c)) {
                break;
            }
            end++;
        }
        return end;
    }

    private Token string(int quoteAt) {
        char quote = text.charAt(quoteAt);
        boolean longQuote = text.startsWith(String.valueOf(quote).repeat(3), quoteAt);
        String closing = String.valueOf(quote).repeat(longQuote ? 3 : 1);
        int startLine = line;
        int end = quoteAt + closing.length();
        while (end < text.length() && !text.startsWith(closing, end)) {
            if (text.charAt(end) == '\n' && !longQuote) {
                break;
            }
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (!text.startsWith(closing, Math.min(end, text.length()))) {
            throw source.error(startLine, "a string is never closed");
        }
        Token token = take(Kind.STRING, end + closing.length());
        line += (int) token.text().chars().filter(c -> c == '\n').count();
        return token;
    }

    private Token operator() {
        char first = text.charAt(at);
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                brackets += isOneOf(first, "([{") ? 1 : isOneOf(first, ")]}") ? -1 : 0;
                if (brackets < 0) {
                    throw source.error(line, "'" + operator + "' closes no bracket");
                }
                return take(Kind.OPERATOR, at + operator.length());
            }
        }
        throw source.error(line, "unexpected character '" + first + "'");
    }

    private static boolean isOneOf(char c, String these) {
        return these.indexOf(c) >= 0;
    }

    private Token take(Kind kind, int end) {
        Token token = new Token(kind, text.substring(at, end), at, end, line);
        at = end;
        return token;
    }

    private Token empty(Kind kind) {
        return new Token(kind, "", at, at, line);
    }

    private char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
    }

    static boolean isIdentifier(String text) {
        return !text.isEmpty()
                && isNameStart(text.charAt(0))
                && text.chars().allMatch(c -> isNameStart((char) c) || isDigit((char) c))
                && !KEYWORDS.contains(text);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }
}
