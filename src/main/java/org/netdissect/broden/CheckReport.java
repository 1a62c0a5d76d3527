package org.netdissect.broden;

import java.util.List;
import org.netdissect.base.Fault;

/**
 * Findings of a check.
 *
 * @param faults errors that stop a dissection, by file and row; empty for a sound probe set
 * @param warnings doubts that a dissection only notes, by file and row
 * @param contents contents of the probe set
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
