package org.netdissect.base;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WildcardsTest {
    @Test
    void patternsMatchWholeNames() {
        assertTrue(Wildcards.match("*", "a.b"));
        assertTrue(Wildcards.match("layer?.*.conv1", "layer4.1.conv1"));
        assertTrue(Wildcards.match("a*b*c", "a.bb.cc"));
        assertTrue(Wildcards.match("a**", "a"));
        assertFalse(Wildcards.match("layer?", "layer10"));
        assertFalse(Wildcards.match("a", "a.b"));
        assertFalse(Wildcards.match("*a", "ab"));
    }
}
