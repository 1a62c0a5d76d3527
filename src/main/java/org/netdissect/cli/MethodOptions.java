package org.netdissect.cli;

import org.jspecify.annotations.Nullable;
import org.netdissect.align.ActivationImages;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.Comparison;
import org.netdissect.align.CountingRule;
import org.netdissect.align.Interpolation;
import org.netdissect.align.LabelZero;
import org.netdissect.align.PixelLabels;
import org.netdissect.run.MethodSettings;
import org.netdissect.run.Profile;
import org.netdissect.run.QuantileRule;
import picocli.CommandLine.Option;

/** Options for details in which published programs differ, by profile or one by one. */
final class MethodOptions {
    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = "paper",
            description = "paper (Bau et al. 2017), netdissect (their code of 2017) or netdissect-lite: defaults of "
                    + "the options from here to --detectors (default: ${DEFAULT-VALUE}).")
    private Profile profile = Profile.PAPER;

    @Option(
            names = "--interpolation",
            paramLabel = "NAME",
            description =
                    "Resizing of maps to the label grid: receptive-field (units at the centres of their receptive "
                            + "fields; half-pixel if these are unknown), netdissect (the same in whole label pixels), "
                            + "half-pixel or align-corners.")
    private @Nullable Interpolation interpolation;

    @Option(
            names = "--comparison",
            paramLabel = "NAME",
            description = "Pixels of a mask: above the threshold, or at-least the threshold.")
    private @Nullable Comparison comparison;

    @Option(
            names = "--activation-images",
            paramLabel = "NAME",
            description = "Images over which activation is summed: holding (with a label of the category) or touched "
                    + "(with such a label under the mask).")
    private @Nullable ActivationImages images;

    @Option(
            names = "--pixel-labels",
            paramLabel = "NAME",
            description = "Count of a label that several planes give one pixel: once, or each-plane (once per plane).")
    private @Nullable PixelLabels pixels;

    @Option(
            names = "--label-zero",
            paramLabel = "NAME",
            description = "Meaning of the number 0 in a cell: ignored, tallied (a label without activation), or label.")
    private @Nullable LabelZero zero;

    @Option(
            names = "--quantile",
            paramLabel = "NAME",
            description = "Thresholds: exact (at the top fraction), or readout (of 1,000 quantiles).")
    private @Nullable QuantileRule quantile;

    @Option(
            names = "--detectors",
            paramLabel = "RULE",
            description = "Counting rule of the printed detectors and of --require: top-label, per-category or html.")
    private @Nullable CountingRule detectors;

    MethodSettings settings() {
        MethodSettings defaults = profile.settings();
        AlignmentRules rules = defaults.rules();
        return new MethodSettings(
                or(interpolation, defaults.interpolation()),
                new AlignmentRules(
                        or(comparison, rules.comparison()),
                        or(images, rules.images()),
                        or(pixels, rules.pixels()),
                        or(zero, rules.zero())),
                or(quantile, defaults.quantile()),
                or(detectors, defaults.detectors()));
    }

    private static <T> T or(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }
}
