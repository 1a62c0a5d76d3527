package org.netdissect.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;

/**
 * A condition on a layer's counts, such as {@code fire9:unique>=40}, by the counting rule of the run.
 *
 * @param layer the layer that has to meet it, or null for every layer
 * @param metric {@code detectors}, {@code unique}, {@code detectors-CATEGORY}, {@code unique-CATEGORY}, or {@code
 *     significant}, whatever the counting rule
 * @param relation how the count compares with the bound
 */
public record Requirement(@Nullable String layer, String metric, Relation relation, int bound) {
    private static final String SIGNIFICANT = "significant";

    /** The relations, with longer signs first so that {@code >=} is not read as {@code >}. */
    public enum Relation {
        AT_LEAST(">="),
        AT_MOST("<="),
        EQUAL("=="),
        MORE(">"),
        LESS("<");

        private final String sign;

        Relation(String sign) {
            this.sign = sign;
        }

        boolean holds(int value, int bound) {
            return switch (this) {
                case AT_LEAST -> value >= bound;
                case AT_MOST -> value <= bound;
                case EQUAL -> value == bound;
                case MORE -> value > bound;
                case LESS -> value < bound;
            };
        }
    }

    /** Reads {@code [LAYER:]METRIC RELATION NUMBER}. Throws {@link InputException} for anything else. */
    public static Requirement parse(String text) {
        for (Relation relation : Relation.values()) {
            int at = text.indexOf(relation.sign);
            if (at > 0) {
                String left = text.substring(0, at).strip();
                if (left.endsWith("=")) {
                    throw malformed(text, null);
                }
                int colon = left.lastIndexOf(':');
                try {
                    int bound = Integer.parseInt(
                            text.substring(at + relation.sign.length()).strip());
                    return new Requirement(
                            colon < 0 ? null : left.substring(0, colon), left.substring(colon + 1), relation, bound);
                } catch (NumberFormatException e) {
                    throw malformed(text, e);
                }
            }
        }
        throw malformed(text, null);
    }

    private static InputException malformed(String text, @Nullable Throwable cause) {
        String message = "--require '" + text + "': expected [LAYER:]METRIC>=NUMBER, such as 'fire9:unique>=40'; "
                + "metrics are detectors, unique, detectors-CATEGORY, unique-CATEGORY, significant; relations >= > == < <=";
        return cause == null ? new InputException(message) : new InputException(message, cause);
    }

    /**
     * Throws {@link InputException} for an unknown layer or metric, before the run.
     *
     * @param hasBaseline whether the run computes a baseline
     */
    public void check(List<String> layers, List<String> categories, boolean hasBaseline) {
        if (layer != null && !layers.contains(layer)) {
            throw new InputException("--require '" + this + "': layer " + layer + " is not dissected; layers are "
                    + String.join(", ", layers));
        }
        if (metric.equals(SIGNIFICANT)) {
            if (!hasBaseline) {
                throw new InputException("--require '" + this + "' with --baseline none: what is significant is not "
                        + "looked for; leave --baseline none out");
            }
            return;
        }
        int dash = metric.indexOf('-');
        String count = dash < 0 ? metric : metric.substring(0, dash);
        boolean known = (count.equals("detectors") || count.equals("unique"))
                && (dash < 0 || categories.contains(metric.substring(dash + 1)));
        if (!known) {
            throw new InputException("--require '" + this + "': no metric " + metric
                    + "; expected significant, detectors, unique, detectors-CATEGORY or unique-CATEGORY with a category of "
                    + String.join(", ", categories));
        }
    }

    /** A line for each layer that does not meet the requirement. */
    public List<String> unmet(List<LayerSummary> summaries) {
        List<String> lines = new ArrayList<>();
        for (LayerSummary summary : summaries) {
            int value = value(summary);
            if ((layer == null || layer.equals(summary.layer())) && !relation.holds(value, bound)) {
                lines.add("required " + this + ", but " + summary.layer() + " has " + metric + " " + value);
            }
        }
        return lines;
    }

    private int value(LayerSummary summary) {
        if (metric.equals(SIGNIFICANT)) {
            return Optional.ofNullable(summary.baseline()).orElseThrow().significant();
        }
        LayerSummary.RuleCounts counts = Optional.ofNullable(summary.counts().get(summary.detectorRule()))
                .orElseThrow();
        if (metric.equals("detectors") || metric.equals("unique")) {
            return metric.equals("detectors") ? counts.detectors() : counts.unique();
        }
        LayerSummary.CategoryCounts category = Optional.ofNullable(
                        counts.categories().get(metric.substring(metric.indexOf('-') + 1)))
                .orElseThrow();
        return metric.startsWith("detectors-") ? category.detectors() : category.unique();
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        return (layer == null ? "" : layer + ":") + metric + relation.sign + bound;
    }
}
