package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.netdissect.activation.LayerActivations;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.cache.ActivationCache;
import org.netdissect.activation.cache.CachedLayer;
import org.netdissect.activation.cache.DamagedCacheException;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.align.AlignmentResult;
import org.netdissect.run.Stopwatch;

/** Stages 2 and 3 through the activation cache. Damage in the cache is repaired, once for each layer. */
final class CachedStages {
    private final Inputs inputs;
    private final List<String> layers;
    private final BaselineStage baseline;
    private final Stopwatch watch;

    CachedStages(Inputs inputs, BaselineStage baseline, Stopwatch watch) {
        this.inputs = inputs;
        this.layers = inputs.settings().layers();
        this.baseline = baseline;
        this.watch = watch;
    }

    /** Results by view, without the layers for which the cache has no room. */
    Map<String, LayerResult> run(Path root) throws IOException {
        ProbedNetwork network = inputs.network();
        KernelCheck kernels = new KernelCheck(network, network.machine());
        while (true) {
            try (ActivationCache cache = kernels.open(root, layers)) {
                cache.recordUse(network.archive().file(), network.probe().folder());
                Optional<Map<String, LayerResult>> results = fill(cache);
                if (results.isPresent()) {
                    return results.get();
                }
            }
        }
    }

    /** Results by view if all layers are in the cache. The network does not run, and damage is not repaired. */
    Map<String, LayerResult> read(ActivationCache cache) throws IOException {
        return align(cache, new ActivationStage(inputs, cache), Set.of());
    }

    /** Results by view, or nothing if a repair shows that the activations are of another machine's kernels. */
    private Optional<Map<String, LayerResult>> fill(ActivationCache cache) throws IOException {
        ActivationStage stage = new ActivationStage(inputs, cache);
        Set<String> computed = new HashSet<>();
        Set<String> repaired = new HashSet<>();
        while (true) {
            try {
                computed.addAll(stage.fill(layers));
                return Optional.of(align(cache, stage, computed));
            } catch (DamagedCacheException e) {
                if (!repaired.add(e.layer())) {
                    throw e;
                }
                boolean isThisMachines =
                        new CacheRepair(inputs.network(), inputs.storage().precision()).run(cache, e.layer());
                watch.lap("repair");
                if (!isThisMachines) {
                    return Optional.empty();
                }
            }
        }
    }

    private Map<String, LayerResult> align(ActivationCache cache, ActivationStage stage, Set<String> computed)
            throws IOException {
        try (OpenLayers open = OpenLayers.of(cache, layers)) {
            List<CachedLayer> activations = open.layers();
            ViewTargets targets = new ViewTargets(inputs, baseline);
            Map<String, LayerResult.Origin> origins = new HashMap<>();
            List<LayerActivations> sources = new ArrayList<>();
            for (CachedLayer layer : activations) {
                Basis basis =
                        Basis.of(inputs.settings().rotation(), layer.shape().units());
                LayerActivations inBasis = basis.of(layer);
                Map<Quantile, Thresholds> thresholds =
                        basis.isRotated() ? basis.thresholds(inBasis, inputs) : stage.thresholds(layer);
                targets.add(sources.size(), layer.layer(), layer.shape(), thresholds);
                sources.add(inBasis);
                origins.put(layer.layer(), new LayerResult.Origin(layer.path(), !computed.contains(layer.layer())));
            }
            watch.lap("activations");
            if (activations.isEmpty()) {
                return Map.of();
            }
            AlignmentStage alignment = new AlignmentStage(
                    inputs.probe(), inputs.settings().method().rules(), inputs.threads(), inputs.listener(), baseline);
            List<AlignmentResult> aligned = alignment.run(targets.targets(), sources, stage::candidates);
            watch.lap(AlignmentStage.NAME);
            return targets.results(aligned, layer -> Objects.requireNonNull(origins.get(layer)));
        }
    }
}
