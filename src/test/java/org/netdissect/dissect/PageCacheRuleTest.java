package org.netdissect.dissect;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PageCacheRuleTest {
    private static final long GIB = 1L << 30;

    @Test
    void arraysOfMoreThanHalfOfTheMemoryPassBy() {
        assertFalse(PageCacheRule.passesBy(12 * GIB, 24 * GIB));
        assertTrue(PageCacheRule.passesBy(12 * GIB + 1, 24 * GIB));
        assertFalse(PageCacheRule.passesBy(0, 24 * GIB));
    }

    @Test
    void thisMachinesMemoryCountsUnlessThePropertySaysOtherwise() {
        String before = System.getProperty(PageCacheRule.PROPERTY);
        try {
            System.clearProperty(PageCacheRule.PROPERTY);
            assertFalse(PageCacheRule.passesBy(1 << 20));
            assertTrue(PageCacheRule.passesBy(Long.MAX_VALUE));
            System.setProperty(PageCacheRule.PROPERTY, "always");
            assertTrue(PageCacheRule.passesBy(1));
            System.setProperty(PageCacheRule.PROPERTY, "never");
            assertFalse(PageCacheRule.passesBy(Long.MAX_VALUE));
        } finally {
            if (before == null) {
                System.clearProperty(PageCacheRule.PROPERTY);
            } else {
                System.setProperty(PageCacheRule.PROPERTY, before);
            }
        }
    }
}
