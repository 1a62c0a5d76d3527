package org.netdissect.run;

import org.netdissect.align.ActivationImages;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.Comparison;
import org.netdissect.align.CountingRule;
import org.netdissect.align.Interpolation;
import org.netdissect.align.LabelZero;
import org.netdissect.align.PixelLabels;
import org.netdissect.base.Spelling;

/** Named settings that follow the paper or a known program; docs/method.md describes them. */
public enum Profile {
    /** Bau, Zhou, Khosla, Oliva and Torralba, CVPR 2017, as written. */
    PAPER,
    /** The code its authors released in 2017. */
    NETDISSECT,
    /** NetDissect-Lite, the authors' lighter code of 2018. */
    NETDISSECT_LITE;

    /** The settings of this profile. */
    public MethodSettings settings() {
        return switch (this) {
            case PAPER ->
                new MethodSettings(
                        Interpolation.RECEPTIVE_FIELD,
                        AlignmentRules.PAPER,
                        QuantileRule.EXACT,
                        CountingRule.TOP_LABEL);
            case NETDISSECT ->
                new MethodSettings(
                        Interpolation.NETDISSECT,
                        new AlignmentRules(
                                Comparison.ABOVE, ActivationImages.HOLDING, PixelLabels.EACH_PLANE, LabelZero.TALLIED),
                        QuantileRule.READOUT,
                        CountingRule.HTML);
            case NETDISSECT_LITE ->
                new MethodSettings(
                        Interpolation.HALF_PIXEL,
                        new AlignmentRules(
                                Comparison.ABOVE, ActivationImages.TOUCHED, PixelLabels.EACH_PLANE, LabelZero.LABEL),
                        QuantileRule.EXACT,
                        CountingRule.HTML);
        };
    }

    /** The option's spelling. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
