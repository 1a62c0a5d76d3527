package org.netdissect.pipeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.report.LayerReport;
import org.netdissect.report.LayerSummary;
import org.netdissect.report.RotationCurve;

/**
 * Results of a dissection.
 *
 * @param out the run directory
 * @param reports one per layer, in order
 * @param summaries the same, summed up
 * @param cache folder of the activations, if any are kept
 * @param timings seconds per stage
 * @param rotations the axis-alignment experiment, where it was asked for
 */
public record DissectionResult(
        Path out,
        List<LayerReport> reports,
        List<LayerSummary> summaries,
        Optional<Path> cache,
        Map<String, Double> timings,
        Optional<RotationCurve> rotations) {}
