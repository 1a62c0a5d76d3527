package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.netdissect.base.InputException;

class ClassNamesTest {
    private static final List<String> NAMES = List.of("beach", "2", "forest");

    private static int index(String wanted, List<String> names) {
        return ClassNames.index("--class", wanted, 3, names);
    }

    private static void refused(String wanted, String message, String... names) {
        InputException e = assertThrows(InputException.class, () -> index(wanted, List.of(names)));
        assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    }

    @Test
    void classesByNumberAndName() {
        assertEquals(2, index("forest", NAMES));
        assertEquals(1, index("2", NAMES), "a name comes first");
        assertEquals(0, index("0", NAMES));
        assertEquals(2, index("2", List.of()));
    }

    @Test
    void unknownClasses() {
        refused("3", "--class 3: the network has 3 classes, 0 to 2");
        refused("99999999999", "0 to 2");
        refused("-1", "names of the network's 3 classes are not known");
        refused("", "names of the network's 3 classes are not known");
        refused("forrest", "did you mean forest?", "beach", "2", "forest");
        refused("zebra crossing", "the network has 3 classes", "beach", "2", "forest");
    }

    @Test
    void namesOfAnotherNumberAreNotKnown() {
        assertEquals(NAMES, ClassNames.known(NAMES, 3));
        assertEquals(List.of(), ClassNames.known(NAMES, 4));
    }
}
