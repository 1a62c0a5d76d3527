package org.netdissect.broden;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;
import org.netdissect.base.InputException;

/** Messages to the user. */
public final class Refusals {
    private Refusals() {}

    /** Message of the {@link InputException} that the call must throw. */
    public static String of(Executable call) {
        return Objects.requireNonNull(assertThrows(InputException.class, call).getMessage());
    }
}
