package org.netdissect.align;

import org.netdissect.labels.LabelReading;

/**
 * How masks are made and compared with labels, where the known programs differ.
 *
 * @param comparison which pixels belong to a mask
 * @param images over which a unit's activation is summed
 * @param pixels how often a label counts at a pixel
 * @param zero what the number 0 counts for
 */
public record AlignmentRules(Comparison comparison, ActivationImages images, PixelLabels pixels, LabelZero zero) {
    /** The paper's definitions, with the strict comparison of its code. */
    public static final AlignmentRules PAPER =
            new AlignmentRules(Comparison.ABOVE, ActivationImages.HOLDING, PixelLabels.ONCE, LabelZero.IGNORED);

    LabelReading reading() {
        return new LabelReading(pixels == PixelLabels.ONCE, zero != LabelZero.IGNORED);
    }
}
