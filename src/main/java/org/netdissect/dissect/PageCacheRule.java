package org.netdissect.dissect;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Decides whether arrays bypass the operating system's page cache. Small arrays do not, and stay in memory for
 * alignment and for the next run. Large arrays would be evicted before they are read, and evict other data.
 *
 * <p>The system property {@value #PROPERTY} overrides the rule with {@code always} or {@code never}, for tests and
 * measurements.
 */
final class PageCacheRule {
    static final String PROPERTY = "netdissect.direct";

    /** Arrays larger than memory divided by this number are large. */
    private static final int SHARE = 2;

    private PageCacheRule() {}

    /** Whether arrays of {@code bytes} in all bypass the page cache on this machine. */
    static boolean passesBy(long bytes) {
        return switch (System.getProperty(PROPERTY, "auto")) {
            case "always" -> true;
            case "never" -> false;
            default -> passesBy(bytes, memory());
        };
    }

    /** The rule, on a machine with {@code memory} bytes. */
    static boolean passesBy(long bytes, long memory) {
        return bytes > memory / SHARE;
    }

    /** Memory in bytes of the machine, or of the container if it has a limit. */
    private static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
