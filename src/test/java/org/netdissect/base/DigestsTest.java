package org.netdissect.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestsTest {
    @TempDir
    Path folder;

    /** Example of FIPS 180-2, and check values of the two CRCs. */
    @Test
    void knownValues() throws IOException {
        String sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertEquals(sha, Digests.ofText("abc"));
        assertEquals(sha, Digests.ofFile(file("abc".getBytes(StandardCharsets.UTF_8))));
        assertEquals("9 e3069283 cbf43926", Digests.checksumsOf(file("123456789".getBytes(StandardCharsets.UTF_8))));
        assertEquals("0 00000000 00000000", Digests.checksumsOf(file(new byte[0])));
    }

    @Test
    void checksumsAreTheSameInEveryLanguage() throws IOException {
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertEquals(
                    "9 e3069283 cbf43926", Digests.checksumsOf(file("123456789".getBytes(StandardCharsets.UTF_8))));
        } finally {
            Locale.setDefault(usual);
        }
    }

    /** Files longer than a buffer, with a byte changed at either end and where two buffers meet. */
    @Test
    void everyByteCounts() throws IOException {
        byte[] bytes = new byte[(1 << 16) + 3];
        String whole = Digests.checksumsOf(file(bytes));
        for (int at : new int[] {0, (1 << 16) - 1, 1 << 16, bytes.length - 1}) {
            bytes[at] ^= 1;
            assertNotEquals(whole, Digests.checksumsOf(file(bytes)), "byte " + at);
            bytes[at] ^= 1;
        }
        assertEquals(whole, Digests.checksumsOf(file(bytes)));
        assertNotEquals(whole, Digests.checksumsOf(file(new byte[(1 << 16) + 4])));
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("file"), bytes);
    }
}
