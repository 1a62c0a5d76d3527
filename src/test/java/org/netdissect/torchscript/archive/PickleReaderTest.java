package org.netdissect.torchscript.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.TinyArchive;

class PickleReaderTest {
    private static Optional<String> first(String latin1) {
        return PickleReader.firstGlobal("data.pkl", latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void globalIsFound() {
        assertEquals(
                Optional.of("__torch__.a.Net"),
                PickleReader.firstGlobal("data.pkl", TinyArchive.pickle("__torch__.a", "Net")));
    }

    @Test
    void namesInsideStringsAreNoGlobals() {
        assertEquals(Optional.of("m.N"), first("\u0080\u0002X\u0004\0\0\0cx\nyq\0K\u0005cm\nN\n."));
    }

    @Test
    void stackGlobalTakesTheLastTwoStrings() {
        assertEquals(Optional.of("m.N"), first("\u0080\u0004\u008c\u0001m\u0094\u008c\u0001N\u0094\u0093."));
        assertEquals(Optional.of("m.m"), first("\u0080\u0004\u008c\u0001m\u0094h\0\u0093."));
    }

    @Test
    void picklesWithoutClassesHaveNone() {
        assertEquals(Optional.empty(), first("\u0080\u0002}."));
    }

    @Test
    void everyTruncationIsAnError() {
        byte[] whole = TinyArchive.pickle("__torch__", "Net");
        int namesEnd = 3 + "__torch__\nNet\n".length();
        for (int length = 0; length < namesEnd; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThrows(InputException.class, () -> PickleReader.firstGlobal("data.pkl", part));
        }
    }

    @Test
    void lengthsPastTheEndAreErrors() {
        for (String bad : new String[] {
            "X\u00ff\u00ff\u00ff\u00ff", "B\u00ff\u00ff\u00ff\u007f", "\u008e\0\0\0\0\u0001\0\0\0", "\u00fe"
        }) {
            InputException e = assertThrows(InputException.class, () -> first(bad));
            assertTrue(String.valueOf(e.getMessage()).startsWith("data.pkl: damaged pickle at byte"), e.getMessage());
        }
    }
}
