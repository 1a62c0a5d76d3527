package org.netdissect.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.netdissect.base.Failures;
import org.netdissect.base.InputException;
import org.netdissect.base.Tail;

class ViewTest {
    @Test
    void theLowerTailHasANameOfItsOwn() {
        List<String> modules = List.of("a", "a.b");
        assertEquals(
                List.of("a", "a-lower", "a.b", "a.b-lower"),
                View.of(modules, TailChoice.BOTH, modules).stream()
                        .map(View::name)
                        .toList());
        assertEquals(List.of(new View("a", Tail.UPPER)), View.of(List.of("a"), TailChoice.UPPER, modules));
        assertEquals(List.of(new View("a", Tail.LOWER)), View.of(List.of("a"), TailChoice.LOWER, modules));
    }

    @Test
    void aLayerOfThatNameIsNoLowerTail() {
        List<String> modules = List.of("a", "a-lower", "b");
        String message =
                Failures.message(InputException.class, () -> View.of(List.of("a", "b"), TailChoice.BOTH, modules));
        assertEquals(1, message.lines().count());
        assertTrue(message.startsWith("--tail both: the lower tail of a would be called a-lower"), message);
        assertEquals(
                2, View.of(List.of("a", "a-lower"), TailChoice.UPPER, modules).size());
        assertEquals(new View("a-lower", Tail.LOWER), View.named("a-lower-lower", Tail.LOWER));
        assertEquals(new View("a-lower", Tail.UPPER), View.named("a-lower", Tail.UPPER));
    }
}
