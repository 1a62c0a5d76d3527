package org.netdissect.activation.threshold;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.activation.ActivationShape;

/**
 * Divides memory among the layers of one pass; layers that need less than their share for exact thresholds leave it to
 * the others.
 */
public final class SelectorPlan {
    private final List<Quantile> quantiles;
    private final Map<String, ActivationShape> shapes;
    /** by layer, bytes */
    private final Map<String, Long> shares = new LinkedHashMap<>();

    private final long left;

    /**
     * A plan for these layers.
     *
     * @param quantiles quantiles requested of each layer
     * @param memoryBytes limit for all layers together
     */
    public SelectorPlan(Map<String, ActivationShape> shapes, List<Quantile> quantiles, long memoryBytes) {
        this.shapes = Map.copyOf(shapes);
        this.quantiles = List.copyOf(quantiles);
        List<String> byNeed = new ArrayList<>(shapes.keySet());
        byNeed.sort(Comparator.comparingLong(this::need));
        long remaining = memoryBytes;
        for (int i = 0; i < byNeed.size(); i++) {
            long share = remaining / (byNeed.size() - i);
            shares.put(byNeed.get(i), share);
            remaining -= Math.min(share, need(byNeed.get(i)));
        }
        this.left = remaining;
    }

    private ActivationShape shape(String layer) {
        ActivationShape shape = shapes.get(layer);
        if (shape == null) {
            throw new IllegalArgumentException("no layer " + layer);
        }
        return shape;
    }

    /** Memory in bytes that exact thresholds of a layer need in one pass. */
    public long need(String layer) {
        return ThresholdSelector.bytes(shape(layer), quantiles);
    }

    /** Makes the exact one-pass selector; nothing if its greatest values do not fit. */
    public Optional<ThresholdSelector> exact(String layer) {
        return ThresholdSelector.onePass(shape(layer), quantiles, share(layer));
    }

    /** Makes the bounded one-pass selector, whose thresholds may be off by some ranks. */
    public ThresholdSelector sketch(String layer) {
        return ThresholdSelector.sketch(shape(layer), quantiles, share(layer));
    }

    /** Memory in bytes that no exact selector needs. */
    public long left() {
        return left;
    }

    /** Memory in bytes that a layer may use. */
    public long share(String layer) {
        return shares.getOrDefault(layer, 0L);
    }
}
