package org.netdissect.align;

import org.netdissect.labels.LabelReading;

/**
 * Rules for making masks and comparing them with labels, where the known programs differ.
 *
 * @param comparison rule for the pixels of a mask
 * @param images images over which a unit's activation is summed
 * @param pixels rule for labels given to a pixel twice
 * @param zero rule for the number 0
 */
public record AlignmentRules(Comparison comparison, ActivationImages images, PixelLabels pixels, LabelZero zero) {
    /** The paper's definitions, with the strict comparison of its code. */
    public static final AlignmentRules PAPER =
            new AlignmentRules(Comparison.ABOVE, ActivationImages.HOLDING, PixelLabels.ONCE, LabelZero.IGNORED);

    LabelReading reading() {
        return new LabelReading(pixels == PixelLabels.ONCE, zero != LabelZero.IGNORED);
    }
}
