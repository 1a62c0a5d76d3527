package org.netdissect.broden;

import java.util.List;
import org.netdissect.table.Fault;

/**
 * Result of a check.
 *
 * @param faults errors that stop a dissection, by file and row; none for a sound probe set
 * @param warnings contradictions that a dissection notes and goes on with, by file and row
 * @param contents counts of images, labels and pixels
 */
public record CheckReport(List<Fault> faults, List<Fault> warnings, Contents contents) {

    public CheckReport {
        faults = List.copyOf(faults);
        warnings = List.copyOf(warnings);
    }

    /** Whether no fault was found. */
    public boolean sound() {
        return faults.isEmpty();
    }
}
