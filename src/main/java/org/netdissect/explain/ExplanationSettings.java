package org.netdissect.explain;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.ActiveUnit;
import org.netdissect.network.ComputeDevice;

/**
 * Settings of an explanation.
 *
 * @param run folder of a finished run
 * @param image JPEG or PNG
 * @param layers names or patterns among the run's layers; empty for all
 * @param model where the run's network is now, or null for where it was
 * @param device where the network runs
 * @param units most units to show of a layer
 * @param detectorsOnly whether units that are no detectors are left out
 * @param order which units come first
 * @param topClasses most classes to show
 * @param writePage whether an HTML page is written
 * @param page its file, or null for one in the run's folder
 */
public record ExplanationSettings(
        Path run,
        Path image,
        List<String> layers,
        @Nullable Path model,
        ComputeDevice device,
        int units,
        boolean detectorsOnly,
        ActiveUnit.Order order,
        int topClasses,
        boolean writePage,
        @Nullable Path page) {

    /** Copies the list. */
    public ExplanationSettings {
        layers = List.copyOf(layers);
    }
}
