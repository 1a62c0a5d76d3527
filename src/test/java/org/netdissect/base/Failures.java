package org.netdissect.base;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/** What a user would read. */
public final class Failures {
    private Failures() {}

    /** The message of the exception of this type that the code throws. */
    public static String message(Class<? extends Exception> type, Executable code) {
        return String.valueOf(Assertions.assertThrows(type, code).getMessage());
    }
}
