package org.netdissect.broden;

import java.util.List;
import org.netdissect.base.Fault;

/**
 * What a check found.
 *
 * @param faults by file and row; none for a sound probe set
 * @param contents what the probe set holds
 */
public record CheckReport(List<Fault> faults, Contents contents) {

    /** Keeps an unmodifiable copy. */
    public CheckReport {
        faults = List.copyOf(faults);
    }

    /** Whether no fault was found. */
    public boolean sound() {
        return faults.isEmpty();
    }
}
