package org.netdissect.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.CountingRule;
import org.netdissect.align.Interpolation;
import org.netdissect.base.InputException;

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

    /** The settings of a run, from its {@code run.json}; what it does not name is the paper's. */
    static MethodSettings of(JsonNode recorded) {
        return new MethodSettings(
                value(recorded, "interpolation", Interpolation.HALF_PIXEL),
                new AlignmentRules(
                        value(recorded, "comparison", AlignmentRules.PAPER.comparison()),
                        value(recorded, "activation-images", AlignmentRules.PAPER.images()),
                        value(recorded, "pixel-labels", AlignmentRules.PAPER.pixels()),
                        value(recorded, "label-zero", AlignmentRules.PAPER.zero())),
                value(recorded, "quantile", QuantileRule.EXACT),
                value(recorded, "detectors", CountingRule.TOP_LABEL));
    }

    /** A setting of a run by its name in {@code run.json}; {@code usual} where it is not named. */
    static <E extends Enum<E>> E value(JsonNode recorded, String name, E usual) {
        String text = recorded.path(name).asText(usual.toString());
        for (E value : usual.getDeclaringClass().getEnumConstants()) {
            if (value.toString().equals(text)) {
                return value;
            }
        }
        throw new InputException("run.json: " + name + " '" + text + "' is not known to this version");
    }
}
