package org.netdissect.visualize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.InputException;

class UnitChoiceTest {
    @Test
    void wordsAndNumbers() {
        assertEquals(new UnitChoice(UnitChoice.Kind.ALL, List.of()), UnitChoice.parse("all"));
        assertEquals(new UnitChoice(UnitChoice.Kind.DETECTORS, List.of()), UnitChoice.parse("detectors"));
        assertEquals(List.of(0, 1, 2, 77), UnitChoice.parse("77,0-2").channels());
        assertEquals(List.of(3, 4, 5), UnitChoice.parse(" 4 - 5 , 3-4,3").channels());
        assertEquals(List.of(9), UnitChoice.parse("9-9").channels());
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "detectors", "0,1,2,77", "5"})
    void textComesBack(String text) {
        assertEquals(text, UnitChoice.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "1,",
                "-3",
                "3-",
                "-",
                "3-1",
                "1-2-3",
                "a",
                "All",
                "1.5",
                "0-2000000000",
                "99999999999",
                "1048576",
                "1;2"
            })
    void otherTextIsRefused(String text) {
        InputException failure = assertThrows(InputException.class, () -> UnitChoice.parse(text));
        assertTrue(String.valueOf(failure.getMessage()).contains("'" + text + "'"), failure.getMessage());
        assertTrue(String.valueOf(failure.getMessage()).contains("0-31,77"), failure.getMessage());
    }
}
