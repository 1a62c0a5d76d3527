package org.netdissect.dissect;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.CountingRule;
import org.netdissect.base.Printable;
import org.netdissect.report.Overview;
import org.netdissect.report.chart.RotationCurve;
import org.netdissect.result.BaselineText;
import org.netdissect.result.LayerReport;
import org.netdissect.result.LayerSummary;

/**
 * Results of a dissection.
 *
 * @param out the run directory
 * @param reports one per layer, in order
 * @param summaries a summary of each report
 * @param cache folder of the activations, or null without a cache
 * @param timings seconds per stage
 * @param rotations the axis-alignment experiment, or null
 */
public record DissectionResult(
        Path out,
        List<LayerReport> reports,
        List<LayerSummary> summaries,
        @Nullable Path cache,
        Map<String, Double> timings,
        @Nullable RotationCurve rotations) {
    private static final int BEST_UNITS = 10;

    /**
     * The best units and the counts of all layers.
     *
     * @param rule for the number of detectors
     */
    public String text(CountingRule rule) {
        StringBuilder text = new StringBuilder("""
                Precision is the share of a unit's mask that carries the label, recall the share of the label
                that the mask covers, IoU their overlap by their union.

                """);
        for (LayerReport report : reports) {
            text.append("Best units of ").append(Printable.of(report.layer())).append('\n');
            text.append(Overview.bestUnits(report, BEST_UNITS)).append('\n');
        }
        int images = summaries.get(0).images();
        String iou = new BigDecimal(Double.toString(summaries.get(0).iouThreshold()))
                .stripTrailingZeros()
                .toPlainString();
        text.append(Overview.details(summaries));
        text.append("Detectors (IoU > " + iou + "), unique labels, and unique labels by category\n");
        text.append(Overview.layers(reports, rule, images)).append('\n');
        if (rotations != null) {
            text.append("In rotated bases: means over trials, the least and most unique labels of a trial\n");
            text.append(rotations.text()).append('\n');
        }
        text.append(BaselineText.of(reports, images));
        return text.append("Tables: " + out + "   Activations: " + (cache == null ? "not kept" : cache) + "\n")
                .toString();
    }

    /** The result as JSON. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("out", out.toString());
        document.put("cache", cache == null ? null : cache.toString());
        document.put("timings", timings);
        document.put("layers", summaries);
        if (rotations != null) {
            document.put("rotations", rotations.points());
        }
        return document;
    }
}
