package org.netdissect.dissect;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.LayerActivations;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.rotation.RotatedLayer;
import org.netdissect.activation.rotation.Rotation;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.activation.threshold.ThresholdSelector;
import org.netdissect.base.Workers;
import org.netdissect.run.RotationSettings;

/**
 * Basis of a layer's units: the network's, or a rotated one. Activations in a rotated basis are computed from the cache
 * whenever they are read, once for the thresholds and once for the masks; they are not stored.
 */
final class Basis {
    private final double @Nullable [][] matrix;
    /** such as "rotated by 0.6 (seed 0)" */
    private final String name;

    private Basis(double @Nullable [][] matrix, String name) {
        this.matrix = matrix;
        this.name = name;
    }

    /** The basis of a run's tables. */
    static Basis of(RotationSettings settings, int units) {
        Optional<BigDecimal> alpha = settings.turned();
        return alpha.isEmpty()
                ? new Basis(null, "")
                : rotated(Rotation.random(units, settings.seed()), alpha.get(), settings.seed());
    }

    /** A rotation to the power alpha; the seed is for the name. */
    static Basis rotated(Rotation rotation, BigDecimal alpha, long seed) {
        return new Basis(
                rotation.power(alpha.doubleValue()), "rotated by " + alpha.toPlainString() + " (seed " + seed + ")");
    }

    /** Whether this is another basis than the network's. */
    boolean isRotated() {
        return matrix != null;
    }

    /** The layer itself, or its activations in this basis. */
    LayerActivations of(LayerActivations layer) {
        return matrix == null ? layer : new RotatedLayer(layer, matrix);
    }

    /**
     * Exact thresholds by quantile of activations in this basis.
     *
     * @param activations from {@link #of(LayerActivations)}
     */
    Map<Quantile, Thresholds> thresholds(LayerActivations activations, Inputs inputs) throws IOException {
        List<Quantile> quantiles = inputs.settings().quantiles();
        ActivationShape shape = activations.shape();
        Map<Quantile, Thresholds> byQuantile = new HashMap<>();
        Optional<ThresholdSelector> onePass =
                ThresholdSelector.onePass(shape, quantiles, inputs.storage().memory());
        for (List<Quantile> group : onePass.isPresent() ? List.of(quantiles) : CachedThresholds.groups(quantiles)) {
            ThresholdSelector selector = onePass.orElseGet(() -> ThresholdSelector.threePasses(shape, group));
            LayerScan scan =
                    new LayerScan(activations.layer() + " " + name, shape, selector, inputs.probe(), Precision.FLOAT32);
            do {
                Workers.run(inputs.threads(), activations.chunks(), () -> {
                    ByteBuffer buffer = activations.newBuffer();
                    return chunk -> scan.scan(activations.read(chunk, buffer));
                });
            } while (!selector.endPass());
            byQuantile.putAll(CachedThresholds.byQuantile(group, selector));
        }
        return byQuantile;
    }
}
