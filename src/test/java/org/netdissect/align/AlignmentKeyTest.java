package org.netdissect.align;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.GridSize;

class AlignmentKeyTest {
    private static final ActivationShape SHAPE = new ActivationShape(4, 3, new GridSize(2, 5));

    private static String key(boolean negated, float... thresholds) {
        MaskRule rule = new MaskRule(new Thresholds(thresholds), NodePlacement.HALF_PIXEL, Comparison.ABOVE);
        Alignment.Target target = new Alignment.Target(0, negated, rule, List.of());
        return AlignmentKey.of(target, SHAPE, ImageParts.WHOLE, AlignmentRules.PAPER, "activations", "labels");
    }

    /** Keys that version 0.1.0 computed: lower tail with thresholds -1.5, 0 and, for a tied unit, negative infinity. */
    @Test
    void keysOfEarlierVersionsStay() {
        assertEquals("8f86062dae3e1f97c43d63db0d868a6f", key(false, 1.5f, 0f, -2.25f));
        assertEquals("cb7371b8a4ad7a3e1b378c737d9ee48d", key(true, 1.5f, 0f, Float.POSITIVE_INFINITY));
    }
}
