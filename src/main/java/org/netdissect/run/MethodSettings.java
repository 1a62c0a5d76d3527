package org.netdissect.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.CountingRule;
import org.netdissect.align.Interpolation;

/**
 * Choices in which the known programs of Network Dissection differ.
 *
 * @param interpolation how maps are resized to the label grid
 * @param rules how masks are made and compared with labels
 * @param quantile fraction of activations above a threshold
 * @param detectors counting rule where one number of detectors is shown
 */
public record MethodSettings(
        Interpolation interpolation, AlignmentRules rules, QuantileRule quantile, CountingRule detectors) {

    private static final String INTERPOLATION = "interpolation";
    private static final String COMPARISON = "comparison";
    private static final String ACTIVATION_IMAGES = "activation-images";
    private static final String PIXEL_LABELS = "pixel-labels";
    private static final String LABEL_ZERO = "label-zero";
    private static final String QUANTILE = "quantile";
    private static final String DETECTORS = "detectors";

    /** Values by option's name, for run.json. */
    Map<String, String> recorded() {
        Map<String, String> json = new LinkedHashMap<>();
        json.put(INTERPOLATION, interpolation.toString());
        json.put(COMPARISON, rules.comparison().toString());
        json.put(ACTIVATION_IMAGES, rules.images().toString());
        json.put(PIXEL_LABELS, rules.pixels().toString());
        json.put(LABEL_ZERO, rules.zero().toString());
        json.put(QUANTILE, quantile.toString());
        json.put(DETECTORS, detectors.toString());
        return json;
    }

    /** Reads the settings of a run. A missing value means the behaviour of versions without that choice. */
    static MethodSettings read(JsonFields fields) {
        return new MethodSettings(
                fields.choice(INTERPOLATION, Interpolation.HALF_PIXEL),
                new AlignmentRules(
                        fields.choice(COMPARISON, AlignmentRules.PAPER.comparison()),
                        fields.choice(ACTIVATION_IMAGES, AlignmentRules.PAPER.images()),
                        fields.choice(PIXEL_LABELS, AlignmentRules.PAPER.pixels()),
                        fields.choice(LABEL_ZERO, AlignmentRules.PAPER.zero())),
                fields.choice(QUANTILE, QuantileRule.EXACT),
                fields.choice(DETECTORS, CountingRule.TOP_LABEL));
    }
}
