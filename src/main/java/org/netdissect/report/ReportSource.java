package org.netdissect.report;

import java.util.List;
import org.netdissect.broden.ProbeSet;

/**
 * What a report is about, beside its layers.
 *
 * @param model name of the network
 * @param probe the images
 * @param version of the program
 * @param rule how thresholds were chosen, such as {@code top fraction 0.005}
 * @param provenance lines on where the numbers come from
 */
public record ReportSource(String model, ProbeSet probe, String version, String rule, List<String> provenance) {
    /** Copies the list. */
    public ReportSource {
        provenance = List.copyOf(provenance);
    }

    /** The folder's own name; run.json has the path. */
    String probeName() {
        return String.valueOf(probe.folder().toAbsolutePath().normalize().getFileName());
    }
}
