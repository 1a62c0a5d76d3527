package org.netdissect.result;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.netdissect.align.CountingRule;
import org.netdissect.base.Printable;
import org.netdissect.baseline.BaselineMethod;
import org.netdissect.baseline.LayerBaseline;
import org.netdissect.baseline.UnitBaseline;

/** Sentences on the permutation baseline. */
public final class BaselineText {
    private BaselineText() {}

    /** The baseline in a line for each layer, or for the quick form in one; empty without a baseline. */
    public static String of(List<LayerReport> reports, int images) {
        LayerBaseline first = reports.get(0).baseline();
        if (first == null) {
            return "";
        }
        if (first.settings().method() == BaselineMethod.QUICK) {
            return legend(first, images) + ".\n\n";
        }
        StringBuilder text = new StringBuilder();
        for (LayerReport report : reports) {
            LayerBaseline baseline = report.baseline();
            if (baseline != null) {
                text.append(Printable.of(report.layer()) + ": " + line(report, baseline) + "\n");
            }
        }
        return text.append('\n').toString();
    }

    /** A layer's detectors and those by chance, in one line without the layer's name. */
    public static String line(LayerReport report, LayerBaseline baseline) {
        CountingRule.Counts actual = report.counts(CountingRule.TOP_LABEL);
        String counts = actual.detectors() + (actual.detectors() == 1 ? " detector, " : " detectors, ")
                + actual.unique() + " unique; ";
        LayerBaseline.Expected detectors = baseline.detectors();
        LayerBaseline.Expected unique = baseline.unique();
        if (detectors == null || unique == null) {
            return counts + "what chance would give cannot be told, as no two images hold the same categories";
        }
        LayerBaseline.Sample sample = baseline.sample();
        boolean isPart = sample.detectors() != actual.detectors() || sample.unique() != actual.unique();
        return counts
                + (isPart
                        ? "on " + sample.images() + " of the images " + sample.detectors() + " and " + sample.unique()
                                + " unique; "
                        : "")
                + String.format(
                        Locale.ROOT,
                        "by chance %s and %s unique (at most %d and %d in 95 of 100 draws); %d significant at a false "
                                + "discovery rate of %s",
                        mean(detectors.mean()),
                        mean(unique.mean()),
                        detectors.most95(),
                        unique.most95(),
                        baseline.significant(),
                        LayerBaseline.RATE);
    }

    /** The reason why a layer's detectors are not significant; empty if they are. */
    public static Optional<String> warning(LayerReport report) {
        LayerBaseline baseline = report.baseline();
        if (baseline == null) {
            return Optional.empty();
        }
        int actual = report.counts(CountingRule.TOP_LABEL).detectors();
        String detectors = actual == 1 ? "1 detector" : actual + " detectors";
        LayerBaseline.Sample sample = baseline.sample();
        String images = sample.images() == 1 ? "1 image" : sample.images() + " images";
        String byChance =
                baseline.detectors() == null ? "" : mean(baseline.detectors().mean());
        String significant = (baseline.significant() == 0 ? "none" : Integer.toString(baseline.significant()))
                + (baseline.significant() > 1 ? " are significant" : " is significant");
        return switch (baseline.verdict(actual)) {
            case BEYOND_CHANCE -> Optional.empty();
            case TOO_FEW_IMAGES ->
                Optional.of("too few images to tell its " + detectors + " from chance: on " + images
                        + ", which can be paired in "
                        + baseline.draws()
                        + (baseline.draws() < baseline.settings().permutations() ? "" : " or more")
                        + " ways, there are " + sample.detectors()
                        + (byChance.isEmpty() ? "" : ", by chance " + byChance) + "; " + significant);
            case NO_MORE_THAN_CHANCE ->
                Optional.of("its " + detectors + " are no more than chance gives: on " + images + " there are "
                        + sample.detectors() + ", by chance " + byChance + "; " + significant);
            case MOSTLY_CHANCE ->
                Optional.of("most of its " + detectors + " can be chance: on " + images + " there are "
                        + sample.detectors() + ", by chance " + byChance + "; " + significant
                        + ". The images are too few for a claim, or the layer detects little");
        };
    }

    /** Cells of detectors by chance and of significant ones; empty without a baseline. */
    public static List<String> counts(LayerReport report) {
        LayerBaseline baseline = report.baseline();
        if (baseline == null) {
            return List.of();
        }
        LayerBaseline.Expected expected = baseline.detectors();
        return List.of(expected == null ? "-" : mean(expected.mean()), Integer.toString(baseline.significant()));
    }

    /** The legend of the baseline's columns, in one line. */
    static String legend(LayerBaseline baseline, int images) {
        LayerBaseline.Sample sample = baseline.sample();
        return "By chance: detectors where masks meet the labels of other images. Significant: detectors at a false "
                + "discovery rate of "
                + LayerBaseline.RATE
                + (sample.images() < images
                        ? ". In sample: detectors on the " + sample.images() + " of " + images
                                + " images that both of these are from"
                        : "");
    }

    private static String mean(double count) {
        return String.format(Locale.ROOT, count > 0 && count < 0.1 ? "%.3f" : "%.1f", count);
    }

    /** A unit's interval, if there is one, with p and q; empty for a unit without a label. */
    public static String unit(UnitBaseline unit) {
        if (unit.p() == null) {
            return "";
        }
        String interval = unit.lower() == null
                ? ""
                : String.format(Locale.ROOT, "95 %% interval %.3f\u2013%.3f, ", unit.lower(), unit.upper());
        return interval + String.format(Locale.ROOT, "p %.2g, q %.2g", unit.p(), unit.q());
    }
}
