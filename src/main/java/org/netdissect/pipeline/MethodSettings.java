package org.netdissect.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.CountingRule;
import org.netdissect.align.Interpolation;

/**
 * What the known programs of Network Dissection do in different ways.
 *
 * @param interpolation how maps are resized to the label grid
 * @param rules how masks are made and compared with labels
 * @param quantile which fraction of activations lies above a threshold
 * @param detectors how detectors are counted where one number is asked for
 */
public record MethodSettings(
        Interpolation interpolation, AlignmentRules rules, QuantileRule quantile, CountingRule detectors) {

    /** Every value by its option's name. */
    Map<String, String> recorded() {
        Map<String, String> recorded = new LinkedHashMap<>();
        recorded.put("interpolation", interpolation.toString());
        recorded.put("comparison", rules.comparison().toString());
        recorded.put("activation-images", rules.images().toString());
        recorded.put("pixel-labels", rules.pixels().toString());
        recorded.put("label-zero", rules.zero().toString());
        recorded.put("quantile", quantile.toString());
        recorded.put("detectors", detectors.toString());
        return recorded;
    }
}
