package org.netdissect.broden;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;
import org.netdissect.base.InputException;

/** What the user is told. */
public final class Refusals {
    private Refusals() {}

    /** The message of the {@link InputException} that the call has to throw. */
    public static String of(Executable call) {
        return Objects.requireNonNull(assertThrows(InputException.class, call).getMessage());
    }
}
