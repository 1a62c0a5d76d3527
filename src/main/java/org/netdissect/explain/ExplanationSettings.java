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
 * @param model path of the run's network, or null if it has not moved
 * @param device where the network runs
 * @param units greatest number of units to show for a layer
 * @param detectorsOnly whether only detectors are shown
 * @param order order of the units
 * @param topClasses greatest number of classes to show
 * @param writePage whether an HTML page is written
 * @param page file of the page, or null for one in the run's folder
 * @param attribution of a class, or null for none
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
        @Nullable Path page,
        @Nullable AttributionSettings attribution) {

    /** Copies the list. */
    public ExplanationSettings {
        layers = List.copyOf(layers);
    }
}
