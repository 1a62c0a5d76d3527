package org.netdissect.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.netdissect.activation.ActivationCache;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.CachedLayer;
import org.netdissect.activation.DamagedCacheException;
import org.netdissect.activation.Thresholds;
import org.netdissect.align.Alignment;

/** Stages 2 and 3 through the activation cache; damage in it is repaired, once in each layer. */
final class CachedStages {
    private final DissectionSettings settings;
    private final TappedNetwork.Source source;
    private final LayerPlacements placements;
    private final Optional<ThresholdFile> given;
    private final Stopwatch watch;

    /** {@code given} are thresholds to be used in place of those of the top fraction. */
    CachedStages(
            DissectionSettings settings,
            TappedNetwork.Source source,
            LayerPlacements placements,
            Optional<ThresholdFile> given,
            Stopwatch watch) {
        this.settings = settings;
        this.source = source;
        this.placements = placements;
        this.given = given;
        this.watch = watch;
    }

    /** Results by layer, of those layers that were in the cache or had room there. */
    Map<String, LayerResult> run(Path root, List<String> layers) throws IOException {
        try (ActivationCache cache = ActivationCache.open(root, source.forward().identity())) {
            cache.recordUse(settings.model(), settings.probe());
            ActivationStage stage = new ActivationStage(settings, source, cache);
            Set<String> computed = new HashSet<>();
            Set<String> repaired = new HashSet<>();
            while (true) {
                try {
                    computed.addAll(stage.fill(layers));
                    return align(stage, layers, computed);
                } catch (DamagedCacheException e) {
                    if (!repaired.add(e.layer())) {
                        throw e;
                    }
                    new CacheRepair(source, settings.storage().precision()).run(cache, e.layer());
                    watch.lap("repair");
                }
            }
        }
    }

    private Map<String, LayerResult> align(ActivationStage stage, List<String> layers, Set<String> computed)
            throws IOException {
        Map<String, LayerResult> results = new LinkedHashMap<>();
        try (OpenLayers open = stage.open(layers)) {
            List<CachedLayer> activations = open.layers();
            List<Alignment.Target> targets = new ArrayList<>();
            for (CachedLayer layer : activations) {
                ActivationShape shape = layer.shape();
                Thresholds thresholds =
                        given.isPresent() ? given.get().forUnits(shape.units()) : stage.thresholds(layer);
                targets.add(new Alignment.Target(
                        targets.size(),
                        shape,
                        thresholds,
                        placements.of(layer.layer()).placement(),
                        settings.newTop(shape.units())));
            }
            watch.lap("activations");
            if (activations.isEmpty()) {
                return results;
            }
            Alignment alignment =
                    new Alignment(source.probe(), settings.method().rules(), targets);
            try (StageListener.Stage progress =
                    source.listener().begin("alignment", 0, source.forward().imageCount())) {
                alignment.run(activations, source.engine().threads(), progress);
            }
            watch.lap("alignment");
            for (int i = 0; i < activations.size(); i++) {
                CachedLayer layer = activations.get(i);
                results.put(
                        layer.layer(),
                        new LayerResult(
                                layer.shape(),
                                targets.get(i).thresholds(),
                                alignment.counts().get(i),
                                targets.get(i).top(),
                                Optional.of(layer.path()),
                                !computed.contains(layer.layer())));
            }
        }
        return results;
    }
}
