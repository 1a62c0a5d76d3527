package org.netdissect.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.netdissect.align.CountingRule;
import org.netdissect.base.Tail;
import org.netdissect.result.BaselineText;
import org.netdissect.result.LayerFindings;
import org.netdissect.result.LayerReport;

/** Sentences of a report on a layer. */
final class Wording {
    private Wording() {}

    /** The layer in one line, with the three counts of unique detectors. */
    static String summary(LayerReport report) {
        CountingRule.Counts top = report.counts(CountingRule.TOP_LABEL);
        int units = report.scores().units().size();
        return units + (units == 1 ? " unit" : " units") + " with maps of " + report.map() + ", " + top.detectors()
                + (top.detectors() == 1 ? " detector" : " detectors") + " (IoU > " + report.iouThreshold() + "), "
                + top.unique() + " unique by top-label, "
                + report.counts(CountingRule.PER_CATEGORY).unique() + " by per-category, "
                + report.counts(CountingRule.HTML).unique() + " by html.";
    }

    /** A description of the images that the page shows. */
    static String shown(LayerFindings findings) {
        Tail tail = findings.report().tail();
        if (findings.least().most() > 0) {
            return tail == Tail.UPPER
                    ? "the images that activate them most and least"
                    : "the images of their lowest and highest minimum";
        }
        return tail == Tail.UPPER ? "the images that activate them most" : "the images that activate them least";
    }

    /** The heading of the most activating images; in the lower tail an image's activation is its minimum. */
    static String mostImages(Tail tail) {
        return tail == Tail.UPPER ? "most activating" : "lowest minimum";
    }

    /** The heading of the least activating images. */
    static String leastImages(Tail tail) {
        return tail == Tail.UPPER ? "least activating" : "highest minimum";
    }

    /** A note on a row that shows only {@code shown} of the {@code tied} images of one activation. */
    static String tied(float activation, int tied, long shown) {
        String number = activation == 0 ? "0" : String.format(Locale.ROOT, "%.4g", activation);
        return "activation " + number + " on " + tied + " images, the first " + (shown == 1 ? "" : shown + " ")
                + "shown";
    }

    static String rule(CountingRule rule, double threshold) {
        return switch (rule) {
            case TOP_LABEL -> "a unit counts once, for its best label, if IoU > " + threshold;
            case PER_CATEGORY -> "a unit may count once in each category, if IoU > " + threshold;
            case HTML -> "as top-label, with IoU \u2265 " + threshold;
        };
    }

    /** Notes on the baseline, the tail and missing detectors. */
    static List<String> notes(LayerFindings findings) {
        LayerReport report = findings.report();
        List<String> lines = new ArrayList<>();
        BaselineText.warning(report).ifPresent(warning -> lines.add("Beware: " + warning + "."));
        if (report.tail() == Tail.LOWER) {
            lines.add("This is the lower tail: masks are where a unit is below its threshold, and the images shown are "
                    + "those of its least activations"
                    + (findings.least().most() > 0 ? ", then those whose least activation is greatest." : "."));
        }
        if (report.counts(CountingRule.TOP_LABEL).detectors() == 0) {
            double best = report.scores().units().isEmpty()
                    ? 0
                    : report.scores().units().get(0).best().iou();
            lines.add("No unit of this layer is a detector: "
                    + (best > 0
                            ? "the greatest IoU is " + String.format(Locale.ROOT, "%.3f", best) + ", and more than "
                                    + report.iouThreshold() + " is required."
                            : "no unit's mask meets a label."));
        }
        if (report.baseline() != null) {
            lines.add("How much is chance: " + BaselineText.line(report, report.baseline()) + ".");
        }
        return lines;
    }
}
