package org.netdissect.align;

import java.util.List;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.Tail;
import org.netdissect.labels.LabelSource;

/** Target with counts and top images, as in a dissection; thresholds have the signs of the layer. */
record CountedTarget(Tail tail, Thresholds thresholds, MaskCounts masks, TopImages top, Alignment.Target target) {
    static CountedTarget of(
            LabelSource probe,
            int source,
            Tail tail,
            Thresholds thresholds,
            NodePlacement placement,
            Comparison comparison,
            ImageParts parts,
            TopImages top) {
        boolean negated = tail == Tail.LOWER;
        MaskRule rule = new MaskRule(negated ? thresholds.negated() : thresholds, placement, comparison);
        MaskCounts counts = new MaskCounts(
                thresholds.units(), probe.labels().size(), probe.categories().size(), parts);
        Alignment.Target target = new Alignment.Target(source, negated, rule, List.of(counts, top));
        return new CountedTarget(tail, thresholds, counts, top, target);
    }

    /** Target of the upper tail over all images. */
    static CountedTarget of(
            LabelSource probe, int source, Thresholds thresholds, Comparison comparison, TopImages top) {
        return of(probe, source, Tail.UPPER, thresholds, NodePlacement.HALF_PIXEL, comparison, ImageParts.WHOLE, top);
    }

    static Alignment align(LabelSource probe, AlignmentRules rules, List<CountedTarget> targets) {
        return new Alignment(
                probe, rules, targets.stream().map(CountedTarget::target).toList());
    }

    AlignmentCounts counts() {
        return masks.all();
    }
}
