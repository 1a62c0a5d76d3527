package org.netdissect.pipeline;

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
import org.netdissect.activation.ActivationCache;
import org.netdissect.activation.CachedLayer;
import org.netdissect.activation.DamagedCacheException;
import org.netdissect.activation.LayerActivations;
import org.netdissect.align.AlignmentResult;

/** Stages 2 and 3 through the activation cache; damage in it is repaired, once in each layer. */
final class CachedStages {
    private final DissectionSettings settings;
    private final TappedNetwork.Source source;
    private final LayerPlacements placements;
    private final Optional<ThresholdFile> given;
    private final Stopwatch watch;
    private final Baseline baseline;
    private final AlignmentStage alignment;

    /** {@code given} are thresholds to be used in place of those of the top fraction. */
    CachedStages(
            DissectionSettings settings,
            TappedNetwork.Source source,
            LayerPlacements placements,
            Optional<ThresholdFile> given,
            Stopwatch watch,
            Baseline baseline) {
        this.settings = settings;
        this.source = source;
        this.placements = placements;
        this.given = given;
        this.watch = watch;
        this.baseline = baseline;
        this.alignment = new AlignmentStage(
                source.probe(), settings.method().rules(), source.engine().threads(), source.listener(), baseline);
    }

    /** Results by view, of those layers that were in the cache or had room there. */
    Map<String, LayerResult> run(Path root, List<String> layers) throws IOException {
        KernelCheck kernels = new KernelCheck(source, source.machine());
        while (true) {
            try (ActivationCache cache = kernels.open(root, layers)) {
                cache.recordUse(settings.model(), settings.probe());
                Optional<Map<String, LayerResult>> results = run(cache, layers);
                if (results.isPresent()) {
                    return results.get();
                }
            }
        }
    }

    /** Nothing where a repair has shown that the activations are not of this machine's kernels. */
    private Optional<Map<String, LayerResult>> run(ActivationCache cache, List<String> layers) throws IOException {
        ActivationStage stage = new ActivationStage(settings, source, cache);
        Set<String> computed = new HashSet<>();
        Set<String> repaired = new HashSet<>();
        while (true) {
            try {
                computed.addAll(stage.fill(layers));
                return Optional.of(align(stage, layers, computed));
            } catch (DamagedCacheException e) {
                if (!repaired.add(e.layer())) {
                    throw e;
                }
                boolean ours = new CacheRepair(source, settings.storage().precision()).run(cache, e.layer());
                watch.lap("repair");
                if (!ours) {
                    return Optional.empty();
                }
            }
        }
    }

    private Map<String, LayerResult> align(ActivationStage stage, List<String> layers, Set<String> computed)
            throws IOException {
        try (OpenLayers open = stage.open(layers)) {
            List<CachedLayer> activations = open.layers();
            ViewTargets targets = new ViewTargets(settings, placements, source.probe(), baseline);
            Map<String, LayerResult.Origin> origins = new HashMap<>();
            List<LayerActivations> sources = new ArrayList<>();
            for (int i = 0; i < activations.size(); i++) {
                CachedLayer layer = activations.get(i);
                Basis basis = Basis.of(settings.rotation(), layer.shape().units());
                sources.add(basis.of(layer));
                LayerThresholds thresholds = basis.isRotated()
                        ? basis.thresholds(sources.get(i), settings, source.probe())
                        : stage.thresholds(layer, given);
                targets.add(i, layer.layer(), layer.shape(), thresholds);
                origins.put(
                        layer.layer(),
                        new LayerResult.Origin(Optional.of(layer.path()), !computed.contains(layer.layer())));
            }
            watch.lap("activations");
            if (activations.isEmpty()) {
                return Map.of();
            }
            List<AlignmentResult> found = alignment.run(targets.targets(), sources, stage::active);
            watch.lap(AlignmentStage.NAME);
            return targets.results(found, layer -> Objects.requireNonNull(origins.get(layer)));
        }
    }
}
