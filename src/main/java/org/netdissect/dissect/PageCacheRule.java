package org.netdissect.dissect;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Whether arrays that are written or read together pass the operating system's page cache by. Small ones do not: what is
 * written stays in memory for alignment and for the next run. Large ones would be driven out before they are read, and drive
 * out what others need there.
 *
 * <p>The system property {@value #PROPERTY} overrules it with {@code always} or {@code never}, for tests and measurements.
 */
final class PageCacheRule {
    static final String PROPERTY = "netdissect.direct";

    /** Arrays of more than one part in so many of the memory are large. */
    private static final int SHARE = 2;

    private PageCacheRule() {}

    /** Whether arrays of so many bytes pass it by on this machine. */
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

    /** Bytes of the machine, or of the container where it has a limit. */
    private static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
