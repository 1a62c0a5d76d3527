package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Library;
import com.sun.jna.Native;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    private static final String NAME = "NETDISSECT_ENVIRONMENT_TEST";

    /** The C library's reading of the environment. */
    private interface CLibrary extends Library {
        String getenv(String name);
    }

    @Test
    void aVariableThatIsSetStays() {
        CLibrary c = Native.load("c", CLibrary.class);
        Environment.setIfAbsent(NAME, "first");
        assertEquals("first", c.getenv(NAME));
        Environment.setIfAbsent(NAME, "second");
        assertEquals("first", c.getenv(NAME));
    }
}
