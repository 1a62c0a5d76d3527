package org.netdissect.dissect;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationShape;
import org.netdissect.align.Alignment;
import org.netdissect.align.AlignmentResult;
import org.netdissect.align.ImageParts;
import org.netdissect.align.MaskConsumer;
import org.netdissect.align.MaskCounts;
import org.netdissect.align.MaskFile;
import org.netdissect.align.MaskRule;
import org.netdissect.align.TopImages;
import org.netdissect.run.View;

/**
 * The masks of a view at one quantile, and what is kept of them.
 *
 * @param shape of the layer's activations
 * @param target of the alignment, whose consumers are the counts and top images of the result, and the file
 * @param parts of the images that are counted apart
 * @param result complete once the target is aligned
 * @param masks the masks themselves, if they are wanted
 */
record ViewTarget(
        ActivationShape shape,
        Alignment.Target target,
        ImageParts parts,
        AlignmentResult result,
        @Nullable MaskFile masks) {

    /** A target that nothing is found of yet; {@code source} is the position of the layer's activations. */
    static ViewTarget of(
            View view,
            int source,
            ActivationShape shape,
            MaskRule rule,
            MaskCounts counts,
            TopImages top,
            @Nullable MaskFile masks) {
        List<MaskConsumer> consumers = new ArrayList<>();
        consumers.add(counts);
        if (top.most() > 0) {
            consumers.add(top);
        }
        if (masks != null) {
            consumers.add(masks);
        }
        return new ViewTarget(
                shape,
                new Alignment.Target(source, view.isNegated(), rule, consumers),
                counts.images(),
                new AlignmentResult(counts.parts(), top),
                masks);
    }
}
