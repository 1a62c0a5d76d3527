package org.netdissect.dissect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.cache.CachedLayer;
import org.netdissect.activation.threshold.MapScan;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.activation.threshold.ThresholdSelector;
import org.netdissect.base.StageListener;
import org.netdissect.base.Tail;

/** Thresholds of layers in the cache: saved there, or computed by passes over the activations. */
final class CachedThresholds {
    private final long memory;
    private final StageListener listener;

    /** Thresholds whose computation takes {@code memory} bytes. */
    CachedThresholds(long memory, StageListener listener) {
        this.memory = memory;
        this.listener = listener;
    }

    /** Reads the saved thresholds, and computes the others. */
    Map<Quantile, Thresholds> of(CachedLayer activations, List<Quantile> quantiles) throws IOException {
        Map<Quantile, Thresholds> byQuantile = new HashMap<>();
        List<Quantile> missing = new ArrayList<>();
        for (Quantile quantile : quantiles) {
            Optional<Thresholds> saved = activations.thresholds(quantile);
            if (saved.isPresent()) {
                byQuantile.put(quantile, saved.get());
            } else {
                missing.add(quantile);
            }
        }
        if (!missing.isEmpty()) {
            byQuantile.putAll(search(activations, missing));
        }
        return byQuantile;
    }

    private Map<Quantile, Thresholds> search(CachedLayer activations, List<Quantile> quantiles) throws IOException {
        Optional<ThresholdSelector> onePass = ThresholdSelector.onePass(activations.shape(), quantiles, memory);
        if (onePass.isPresent()) {
            pass(onePass.get(), activations);
            return end(onePass.get(), activations, quantiles);
        }
        Map<Quantile, Thresholds> byQuantile = new HashMap<>();
        for (List<Quantile> group : groups(quantiles)) {
            ThresholdSelector selector = ThresholdSelector.threePasses(activations.shape(), group);
            pass(selector, activations);
            byQuantile.putAll(end(selector, activations, group));
        }
        return byQuantile;
    }

    /** Groups of quantiles, each of one tail and small enough for three passes. */
    static List<List<Quantile>> groups(List<Quantile> quantiles) {
        List<List<Quantile>> groups = new ArrayList<>();
        int most = ThresholdSelector.QUANTILES_IN_THREE_PASSES;
        for (Tail tail : Tail.values()) {
            List<Quantile> ofTail = quantiles.stream()
                    .filter(quantile -> quantile.tail() == tail)
                    .toList();
            for (int from = 0; from < ofTail.size(); from += most) {
                groups.add(ofTail.subList(from, Math.min(from + most, ofTail.size())));
            }
        }
        return groups;
    }

    /** Ends the first pass of a selector, runs the further passes, and saves the thresholds. */
    Map<Quantile, Thresholds> end(ThresholdSelector selector, CachedLayer activations, List<Quantile> quantiles)
            throws IOException {
        while (!selector.endPass()) {
            pass(selector, activations);
        }
        Map<Quantile, Thresholds> computed = byQuantile(quantiles, selector);
        for (Map.Entry<Quantile, Thresholds> entry : computed.entrySet()) {
            activations.saveThresholds(entry.getKey(), entry.getValue());
        }
        return computed;
    }

    /** Thresholds of a selector after its last pass, by its quantiles. */
    static Map<Quantile, Thresholds> byQuantile(List<Quantile> quantiles, ThresholdSelector selector) {
        List<Thresholds> thresholds = selector.all();
        Map<Quantile, Thresholds> byQuantile = new LinkedHashMap<>();
        for (int i = 0; i < quantiles.size(); i++) {
            byQuantile.put(quantiles.get(i), thresholds.get(i));
        }
        return byQuantile;
    }

    private void pass(ThresholdSelector selector, CachedLayer activations) throws IOException {
        try (StageListener.Stage stage = listener.begin(
                "thresholds of " + activations.layer(), 0, activations.shape().images())) {
            MapScan scan = new MapScan(Optional.of(selector), activations.shape());
            activations.replay(block -> {
                scan.accept(block);
                stage.progress(
                        block.firstImage() + block.images(), activations.shape().images());
            });
        }
    }
}
