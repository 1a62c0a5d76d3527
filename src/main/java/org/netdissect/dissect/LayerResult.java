package org.netdissect.dissect;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Thresholds;
import org.netdissect.align.AlignmentCounts;
import org.netdissect.align.LeastImages;
import org.netdissect.align.TopImages;
import org.netdissect.base.GridSize;
import org.netdissect.run.RunRecord;
import org.netdissect.run.View;
import org.netdissect.run.ViewThresholds;

/**
 * Findings of stages 2 and 3 for one view of a layer.
 *
 * @param view the layer and the tail
 * @param shape of its activations
 * @param thresholds T_k
 * @param counts of the alignment
 * @param top the images that activate the units most; of the lower tail in the negated layer
 * @param least the images that activate them least, likewise
 * @param origin of the activations
 * @param tied see {@link ViewThresholds}
 * @param splits counts by split, if several were named
 * @param sweep thresholds and counts of the further top fractions
 */
record LayerResult(
        View view,
        ActivationShape shape,
        Thresholds thresholds,
        AlignmentCounts counts,
        TopImages top,
        LeastImages least,
        Origin origin,
        Set<Integer> tied,
        List<AlignmentCounts> splits,
        List<Swept> sweep) {

    /**
     * Origin of activations.
     *
     * @param activations the array in the cache, or null
     * @param wasCached whether an earlier run computed it
     */
    record Origin(@Nullable Path activations, boolean wasCached) {}

    /** Thresholds and counts of another top fraction. */
    record Swept(Thresholds thresholds, AlignmentCounts counts) {}

    /** A note for the user where units of the lower tail are tied. */
    Optional<String> tiedNote() {
        return tied.isEmpty()
                ? Optional.empty()
                : Optional.of("layer " + view.layer() + ": the lower tail of " + tied.size() + " of " + shape.units()
                        + " units is tied at its least value, as behind a ReLU: they mark nothing");
    }

    /** The entry of run.json, with the view's name and its folder in the run directory. */
    RunRecord.Layer recorded(String name, String folder) {
        GridSize map = shape.map();
        return new RunRecord.Layer(
                name,
                folder,
                shape.units(),
                List.of(map.height(), map.width()),
                origin.activations() == null ? null : origin.activations().toString(),
                origin.wasCached());
    }
}
