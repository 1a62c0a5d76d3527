package org.netdissect.dissect;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Precision;
import org.netdissect.activation.threshold.BlockPool;
import org.netdissect.activation.threshold.CandidateMaps;
import org.netdissect.activation.threshold.MapScan;
import org.netdissect.activation.threshold.SharedScan;
import org.netdissect.activation.threshold.ThresholdSelector;
import org.netdissect.base.RunException;
import org.netdissect.broden.ProbeSet;
import org.netdissect.network.LayerOutput;

/**
 * Scans one layer's outputs, on any thread: checks that every value is finite, and passes it to a selector of
 * thresholds.
 */
final class LayerScan {
    private final String layer;
    private final ActivationShape shape;
    private final @Nullable ThresholdSelector selector;
    private final @Nullable CandidateMaps candidates;
    private final SharedScan scan;
    private final ProbeSet probe;
    private final Precision precision;

    /** A scan without candidates; without a selector it only checks values. */
    LayerScan(
            String layer,
            ActivationShape shape,
            @Nullable ThresholdSelector selector,
            ProbeSet probe,
            Precision precision) {
        this(layer, shape, selector, null, probe, precision);
    }

    private LayerScan(
            String layer,
            ActivationShape shape,
            @Nullable ThresholdSelector selector,
            @Nullable CandidateMaps candidates,
            ProbeSet probe,
            Precision precision) {
        this.layer = layer;
        this.shape = shape;
        this.selector = selector;
        this.candidates = candidates;
        this.scan = new SharedScan(Optional.ofNullable(selector), shape, Optional.ofNullable(candidates));
        this.probe = probe;
        this.precision = precision;
    }

    /**
     * A scan that also collects candidates for masks, if the run's masks can be made from them.
     *
     * @param exact selector, or null for no candidates
     * @param firstImage images before it are left out
     * @param memory for candidates
     */
    static LayerScan withCandidates(
            String layer,
            ActivationShape shape,
            @Nullable ThresholdSelector exact,
            int firstImage,
            BlockPool memory,
            Inputs inputs) {
        CandidateMaps candidates = exact != null && inputs.settings().alignsActiveMaps()
                ? CandidateMaps.of(shape, firstImage, inputs.output().keepsImages(), memory)
                        .orElse(null)
                : null;
        return new LayerScan(
                layer,
                shape,
                exact,
                candidates,
                inputs.probe(),
                inputs.storage().precision());
    }

    String layer() {
        return layer;
    }

    Optional<ThresholdSelector> selector() {
        return Optional.ofNullable(selector);
    }

    /** Candidates for masks, if they were collected and memory sufficed. */
    Optional<CandidateMaps> candidates() {
        return Optional.ofNullable(candidates).filter(maps -> !maps.isDropped());
    }

    /** One batch of the layer's output, in the run's precision. */
    ActivationBlock block(int firstImage, int images, LayerOutput output) {
        if (output.units() != shape.units() || !output.map().equals(shape.map())) {
            throw new RunException("layer " + layer + ": output of " + output.units() + " units and " + output.map()
                    + " maps at image " + (firstImage + 1) + ", before " + shape.units() + " and " + shape.map()
                    + "; the network's output must not depend on the image");
        }
        return ActivationBlock.computed(firstImage, images, output.units(), output.map(), precision, output.values());
    }

    /** Throws {@link RunException} for a value that is not finite. */
    void scan(ActivationBlock block) {
        MapScan.NotFinite fault = scan.accept(block);
        if (fault != null) {
            String image = probe.images().get(fault.image()).file();
            throw new RunException("layer " + layer + ", unit " + (fault.unit() + 1) + ": activation "
                    + fault.value() + " at row " + fault.row() + ", column " + fault.column() + " on image " + image
                    + "; thresholds need finite numbers (check the weights"
                    + (precision == Precision.FLOAT16 ? " or use --cache-precision float32" : "")
                    + ")");
        }
    }
}
