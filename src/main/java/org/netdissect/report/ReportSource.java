package org.netdissect.report;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.images.ImageSource;
import org.netdissect.labels.LabelSource;
import org.netdissect.result.VisualizationFolder;

/**
 * Facts about the run for its report, besides the layers.
 *
 * @param model name of the network
 * @param images of the probe set
 * @param labels of these images
 * @param probeName name of the probe set; run.json has its path
 * @param version of the program
 * @param rule rule for thresholds, such as {@code top fraction 0.005}
 * @param provenance lines on the origin of the numbers
 * @param visualizations images by optimisation of the layers' units, or null without them
 */
public record ReportSource(
        String model,
        ImageSource images,
        LabelSource labels,
        String probeName,
        String version,
        String rule,
        List<String> provenance,
        @Nullable VisualizationFolder visualizations) {
    public ReportSource {
        provenance = List.copyOf(provenance);
    }
}
