package org.netdissect.broden;

import java.util.List;
import org.netdissect.base.Fault;

/**
 * What a check found.
 *
 * @param faults what a dissection stops at, by file and row; none for a sound probe set
 * @param warnings what a dissection takes with a note, by file and row
 * @param contents what the probe set holds
 */
public record CheckReport(List<Fault> faults, List<Fault> warnings, Contents contents) {

    /** Keeps unmodifiable copies. */
    public CheckReport {
        faults = List.copyOf(faults);
        warnings = List.copyOf(warnings);
    }

    /** Whether no fault was found. */
    public boolean sound() {
        return faults.isEmpty();
    }
}
