package org.netdissect.pipeline;

import java.nio.file.Path;
import java.util.Optional;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Thresholds;
import org.netdissect.align.AlignmentCounts;
import org.netdissect.align.TopImages;

/**
 * What stages 2 and 3 found for one layer.
 *
 * @param shape of its activations
 * @param thresholds T_k that the masks were made with
 * @param counts of the alignment
 * @param top the images that activate the units most
 * @param activations the array in the cache, if there is one
 * @param wasCached whether an earlier run had computed the activations
 */
record LayerResult(
        ActivationShape shape,
        Thresholds thresholds,
        AlignmentCounts counts,
        TopImages top,
        Optional<Path> activations,
        boolean wasCached) {}
