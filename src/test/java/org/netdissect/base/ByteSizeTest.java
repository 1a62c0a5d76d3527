package org.netdissect.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0B,0",
        "12 B,12",
        "100GB,100000000000",
        "100gb,100000000000",
        "1.5TB,1500000000000",
        "3kB,3000",
        "1KiB,1024",
        "2 GiB,2147483648",
        "0.1KiB,102"
    })
    void sizesWithTheirUnit(String text, long bytes) {
        assertEquals(bytes, ByteSize.parse(text).bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "100", "100G", "GB", "-1GB", "1e3GB", "1,5GB", "1iB", "1PB", "999999999TB", "1GB x"})
    void anythingElseIsRefused(String text) {
        String message = Failures.message(InputException.class, () -> ByteSize.parse(text));
        assertTrue(message.contains("'" + text + "'") && message.contains("such as 100GB"), message);
    }

    @Test
    void writtenWithOneDigitAfterThePoint() {
        assertEquals("999 B", new ByteSize(999).toString());
        assertEquals("1.0 kB", new ByteSize(1000).toString());
        assertEquals("1.0 MB", new ByteSize(999_950).toString());
        assertEquals("25.4 GB", new ByteSize(25_400_000_000L).toString());
        assertEquals("9223372.0 TB", new ByteSize(Long.MAX_VALUE).toString());
    }
}
