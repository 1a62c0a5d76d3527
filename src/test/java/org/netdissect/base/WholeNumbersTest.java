package org.netdissect.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeNumbersTest {
    @ParameterizedTest
    @CsvSource({
        "64, 64",
        "64.0, 64",
        "10.000, 10",
        "0, 0",
        "0.0, 0",
        "-3.0, -3",
        "+5, 5",
        "007, 7",
        "1e2, 100",
        "6.4E1, 64",
        "2147483647, 2147483647",
        "-2147483648.0, -2147483648",
        "64., 64"
    })
    void wholeNumbersAsProgramsWriteThem(String text, int number) {
        assertEquals(OptionalInt.of(number), WholeNumbers.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "64.5",
                "1e-2",
                "NaN",
                "inf",
                "0x10",
                "six",
                "64,0",
                "2147483648",
                "9999999999.0",
                "1e10",
                "1e2147483647",
                "1e-2147483647",
                "--1",
                "1.0.0",
                "00000000000000000000000000000000000000000001"
            })
    void whatIsNone(String text) {
        assertEquals(OptionalInt.empty(), WholeNumbers.parse(text));
    }
}
