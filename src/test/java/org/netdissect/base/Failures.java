package org.netdissect.base;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/** Messages of exceptions. */
public final class Failures {
    private Failures() {}

    /** Message of the exception of this type that the code must throw. */
    public static String message(Class<? extends Exception> type, Executable code) {
        return String.valueOf(Assertions.assertThrows(type, code).getMessage());
    }
}
