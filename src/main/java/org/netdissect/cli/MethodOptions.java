package org.netdissect.cli;

import org.jspecify.annotations.Nullable;
import org.netdissect.align.ActivationImages;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.Comparison;
import org.netdissect.align.CountingRule;
import org.netdissect.align.Interpolation;
import org.netdissect.align.LabelZero;
import org.netdissect.align.PixelLabels;
import org.netdissect.pipeline.MethodSettings;
import org.netdissect.pipeline.Profile;
import org.netdissect.pipeline.QuantileRule;
import picocli.CommandLine.Option;

/** What the known programs do in different ways: by profile, and one by one. */
final class MethodOptions {
    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = "paper",
            description = "paper (Bau et al. 2017), netdissect (their code of 2017) or netdissect-lite: values for the "
                    + "options from here to --detectors, each of which wins over it (default: ${DEFAULT-VALUE}).")
    private Profile profile = Profile.PAPER;

    @Option(
            names = "--interpolation",
            paramLabel = "NAME",
            description = "How maps are resized to the label grid: receptive-field (units at the centres of their "
                    + "receptive fields; half-pixel where these are not known), netdissect (the same in whole label "
                    + "pixels), half-pixel or align-corners.")
    private @Nullable Interpolation interpolation;

    @Option(
            names = "--comparison",
            paramLabel = "NAME",
            description = "Pixels of a mask: above the threshold, or at-least as great.")
    private @Nullable Comparison comparison;

    @Option(
            names = "--activation-images",
            paramLabel = "NAME",
            description =
                    "Activation is summed over images holding a label of the category, or over those where the mask "
                            + "touched one: holding or touched.")
    private @Nullable ActivationImages images;

    @Option(
            names = "--pixel-labels",
            paramLabel = "NAME",
            description = "A label that several planes give a pixel counts there once, or each-plane.")
    private @Nullable PixelLabels pixels;

    @Option(
            names = "--label-zero",
            paramLabel = "NAME",
            description = "The number 0 in a cell is ignored, tallied as a label without activation, or a label.")
    private @Nullable LabelZero zero;

    @Option(
            names = "--quantile",
            paramLabel = "NAME",
            description = "Thresholds at the exact top fraction, or at the readout of 1,000 quantiles.")
    private @Nullable QuantileRule quantile;

    @Option(
            names = "--detectors",
            paramLabel = "RULE",
            description = "Detectors as printed and as --require counts them: top-label, per-category or html.")
    private @Nullable CountingRule detectors;

    MethodSettings settings() {
        MethodSettings usual = profile.settings();
        AlignmentRules rules = usual.rules();
        return new MethodSettings(
                or(interpolation, usual.interpolation()),
                new AlignmentRules(
                        or(comparison, rules.comparison()),
                        or(images, rules.images()),
                        or(pixels, rules.pixels()),
                        or(zero, rules.zero())),
                or(quantile, usual.quantile()),
                or(detectors, usual.detectors()));
    }

    private static <T> T or(@Nullable T given, T usual) {
        return given == null ? usual : given;
    }
}
