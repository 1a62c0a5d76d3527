package org.netdissect.torchscript.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.Token.Kind;

class LexerTest {
    private static List<Token> tokens(String text) {
        Lexer lexer = new Lexer(new SourceText("x.pt", text));
        List<Token> all = new ArrayList<>();
        do {
            all.add(lexer.next());
        } while (all.get(all.size() - 1).kind() != Kind.END);
        return all;
    }

    private static String kinds(String text) {
        return String.join(" ", tokens(text).stream().map(LexerTest::shown).toList());
    }

    private static String shown(Token token) {
        return switch (token.kind()) {
            case NEWLINE -> ";";
            case INDENT -> ">";
            case DEDENT -> "<";
            case END -> ".";
            default -> token.text();
        };
    }

    @Test
    void indentationMakesBlocks() {
        assertEquals("if a : ; > b ; if c : ; > d ; < < e ; .", kinds("if a:\n  b\n  if c:\n    d\ne\n"));
    }

    @Test
    void openBlocksEndWithTheFile() {
        assertEquals("if a : ; > b ; < .", kinds("if a:\n  b"));
        assertEquals("if a : ; > b ; < .", kinds("if a:\n  b\n\n  # done\n"));
        assertEquals(".", kinds(""));
        assertEquals(".", kinds("\n\n  # only a comment\n"));
    }

    @Test
    void linesEndNowhereInsideBrackets() {
        assertEquals("f ( a , b ) ; g ; .", kinds("f(a,\n      b\n)\ng\n"));
        assertEquals("a + b ; .", kinds("a + \\\n  b\n"));
        assertEquals("a ; b ; .", kinds("a\r\nb\r\n"));
    }

    @Test
    void numbersAreTakenWhole() {
        assertEquals(
                "1 1.5 320. .5 1e-05 1.0000000000000001e+20 2.j 1e3J 0x1F - 1 inf nan ; .",
                kinds("1 1.5 320. .5 1e-05 1.0000000000000001e+20 2.j 1e3J 0x1F -1 inf nan"));
    }

    @Test
    void stringsKeepTheirTextAndKnowTheirValue() {
        String text = "\"a\\\"b\" 'it\\'s' \"\"\"two\nlines\"\"\" r\"\\n\" \"\\303\\266\\x41\\n\\\\\" ''";
        List<String> values = tokens(text).stream()
                .filter(token -> token.kind() == Kind.STRING)
                .map(token -> StringLiterals.value(token.text()))
                .toList();
        assertEquals(List.of("a\"b", "it's", "two\nlines", "\\n", "\u00f6A\n\\", ""), values);
    }

    @Test
    void quotingAndReadingAgree() {
        String odd = "a\"b\\c\n\t\u0001 \u00f6 \u20ac";
        String quoted = StringLiterals.quote(odd);
        assertEquals(odd, StringLiterals.value(quoted));
        assertTrue(quoted.chars().allMatch(c -> c < 128), quoted);
    }

    @Test
    void linesAreCounted() {
        List<Token> all = tokens("a\nf(\n\n  b)\n\"\"\"x\ny\"\"\"\nc\n");
        Token c = all.get(all.size() - 3);
        assertEquals("c", c.text());
        assertEquals(7, c.line());
    }

    @Test
    void errorsNameFileAndLine() {
        assertError("x.pt, line 2: a string is never closed", "a\n\"abc\n");
        assertError("x.pt, line 1: a string is never closed", "\"abc\\");
        assertError("x.pt, line 1: unexpected character '?'", "a ? b");
        assertError("x.pt, line 1: ')' closes no bracket", "a)");
        assertError("x.pt, line 2: a bracket is never closed", "f(a\n");
        assertError("x.pt, line 3: the indentation fits no open block", "if a:\n    b\n  c\n");
    }

    private static void assertError(String message, String text) {
        assertEquals(
                message, assertThrows(InputException.class, () -> tokens(text)).getMessage());
    }
}
