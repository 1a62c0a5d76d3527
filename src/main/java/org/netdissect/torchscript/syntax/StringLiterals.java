package org.netdissect.torchscript.syntax;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Converts string literals to values and back. TorchScript strings are bytes: PyTorch writes characters beyond ASCII as
 * octal escapes of UTF-8.
 */
final class StringLiterals {
    private static final String ESCAPES = "abfnrtv";
    private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b";

    private StringLiterals() {}

    /** Whether these letters before a quote belong to the literal: {@code r"..."}. */
    static boolean isPrefix(String letters) {
        String lower = letters.toLowerCase(Locale.ROOT);
        return lower.equals("r") || lower.equals("u") || lower.equals("b") || lower.equals("br") || lower.equals("rb");
    }

    /** The value of one literal, quotes and prefix as in the source. */
    static String value(String literal) {
        int open = Math.min(indexOf(literal, '"'), indexOf(literal, '\''));
        String prefix = literal.substring(0, open).toLowerCase(Locale.ROOT);
        int quotes = literal.startsWith(literal.substring(open, open + 1).repeat(3), open) ? 3 : 1;
        String body =
                literal.length() < open + 2 * quotes ? "" : literal.substring(open + quotes, literal.length() - quotes);
        return prefix.contains("r") ? body : unescape(body);
    }

    /** Makes a literal with this value. */
    static String quote(String value) {
        StringBuilder out = new StringBuilder("\"");
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            int escape = ESCAPED.indexOf(b & 0xff);
            if (b == '"' || b == '\\') {
                out.append('\\').append((char) b);
            } else if (escape >= 0) {
                out.append('\\').append(ESCAPES.charAt(escape));
            } else if (b >= ' ' && b < 127) {
                out.append((char) b);
            } else {
                int code = b & 0xff;
                out.append('\\').append(code >> 6).append(code >> 3 & 7).append(code & 7);
            }
        }
        return out.append('"').toString();
    }

    private static int indexOf(String literal, char quote) {
        int at = literal.indexOf(quote);
        return at < 0 ? Integer.MAX_VALUE : at;
    }

    private static String unescape(String body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < body.length()) {
            int end = escapeEnd(body, at);
            if (end > at) {
                writeEscape(body.substring(at + 1, end), bytes);
            } else {
                int codePoint = body.codePointAt(at);
                end = at + Character.charCount(codePoint);
                bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
            }
            at = end;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** End of the escape at {@code at}; {@code at} itself if there is none. */
    private static int escapeEnd(String body, int at) {
        if (body.charAt(at) != '\\' || at + 1 >= body.length()) {
            return at;
        }
        char kind = body.charAt(at + 1);
        int radix = kind == 'x' ? 16 : 8;
        int first = kind == 'x' ? at + 2 : at + 1;
        int most = Math.min(body.length(), first + (kind == 'x' ? 2 : 3));
        int end = first;
        while (end < most && Character.digit(body.charAt(end), radix) >= 0) {
            end++;
        }
        return Math.max(end, at + 2);
    }

    private static void writeEscape(String escape, ByteArrayOutputStream bytes) {
        char kind = escape.charAt(0);
        int simple = ESCAPES.indexOf(kind);
        if (kind >= '0' && kind <= '7') {
            bytes.write(Integer.parseInt(escape, 8));
        } else if (kind == 'x' && escape.length() > 1) {
            bytes.write(Integer.parseInt(escape.substring(1), 16));
        } else if (simple >= 0) {
            bytes.write(ESCAPED.charAt(simple));
        } else if (kind == '\\' || kind == '"' || kind == '\'') {
            bytes.write(kind);
        } else if (kind != '\n') {
            bytes.writeBytes(("\\" + escape).getBytes(StandardCharsets.UTF_8));
        }
    }
}
