package org.netdissect.activation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shares memory out among the layers of one pass: those that need less than their share for exact thresholds leave the
 * rest to the others.
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
     * @param quantiles thresholds that are wanted of each
     * @param memoryBytes for all of them together
     */
    public SelectorPlan(Map<String, ActivationShape> shapes, List<Quantile> quantiles, long memoryBytes) {
        this.shapes = Map.copyOf(shapes);
        this.quantiles = List.copyOf(quantiles);
        List<String> byNeed = new ArrayList<>(shapes.keySet());
        byNeed.sort(Comparator.comparingLong(this::need));
        long rest = memoryBytes;
        for (int i = 0; i < byNeed.size(); i++) {
            long share = rest / (byNeed.size() - i);
            shares.put(byNeed.get(i), share);
            rest -= Math.min(share, need(byNeed.get(i)));
        }
        this.left = rest;
    }

    private ActivationShape shape(String layer) {
        ActivationShape shape = shapes.get(layer);
        if (shape == null) {
            throw new IllegalArgumentException("no layer " + layer);
        }
        return shape;
    }

    /** Bytes that exact thresholds of a layer need in one pass. */
    public long need(String layer) {
        return ThresholdSelector.bytes(shape(layer), quantiles);
    }

    /** The exact selector of one pass, or nothing where its greatest values do not fit. */
    public Optional<ThresholdSelector> exact(String layer) {
        return ThresholdSelector.onePass(shape(layer), quantiles, share(layer));
    }

    /** The bounded selector of one pass; its thresholds may be off by some ranks. */
    public ThresholdSelector sketch(String layer) {
        return ThresholdSelector.sketch(shape(layer), quantiles, share(layer));
    }

    /** Bytes that no exact selector needs. */
    public long left() {
        return left;
    }

    /** Bytes that a layer may take. */
    public long share(String layer) {
        return shares.getOrDefault(layer, 0L);
    }
}
