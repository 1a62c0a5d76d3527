package org.netdissect.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.ActiveMaps;
import org.netdissect.activation.BlockPool;
import org.netdissect.activation.MapSource;
import org.netdissect.activation.Quantile;
import org.netdissect.activation.SelectorPlan;
import org.netdissect.activation.ThresholdSelector;
import org.netdissect.activation.Thresholds;
import org.netdissect.align.Alignment;
import org.netdissect.align.BlockAligner;
import org.netdissect.base.ByteSize;
import org.netdissect.network.ForwardPass;
import org.netdissect.network.LayerOutputs;

/**
 * Stages 2 and 3 without a cache: the network runs over the images once for the thresholds and, unless what may lie in
 * masks fits into memory, once more for the masks. Given thresholds spare the first pass, but for the least activations of
 * the lower tail; what it found is written down, so that a run that was interrupted later goes on behind it.
 */
final class StreamedStages {
    private final DissectionSettings settings;
    private final TappedNetwork.Source source;
    private final LayerPlacements placements;
    private final Optional<ThresholdFile> given;
    private final ThresholdRecord record;
    private final Stopwatch watch;
    private final Baseline baseline;
    private final StageListener listener;
    /** by layer, what may lie in masks, if it was kept */
    private final Map<String, ActiveMaps> active = new HashMap<>();

    /** {@code given} are thresholds to be used in place of those of the top fraction. */
    StreamedStages(
            DissectionSettings settings,
            TappedNetwork.Source source,
            LayerPlacements placements,
            Optional<ThresholdFile> given,
            ThresholdRecord record,
            Stopwatch watch,
            Baseline baseline) {
        this.settings = settings;
        this.source = source;
        this.placements = placements;
        this.given = given;
        this.record = record;
        this.watch = watch;
        this.baseline = baseline;
        this.listener = source.listener();
    }

    /** Results by view, in order of the layers. */
    Map<String, LayerResult> run(List<String> layers) throws IOException {
        Files.createDirectories(settings.out());
        try (ForwardPass pass = source.load(layers, settings.out())) {
            Map<String, ActivationShape> shapes = pass.shapes();
            given.ifPresent(file -> shapes.values().forEach(shape -> file.forUnits(shape.units())));
            Map<String, Map<Quantile, Thresholds>> found = thresholds(pass, shapes);
            ViewTargets targets = new ViewTargets(settings, placements, source.probe(), baseline);
            List<LayerScan> scans = new ArrayList<>();
            for (Map.Entry<String, ActivationShape> entry : shapes.entrySet()) {
                String layer = entry.getKey();
                ActivationShape shape = entry.getValue();
                LayerThresholds thresholds = new LayerThresholds(
                        given.map(file -> file.forUnits(shape.units())), found.getOrDefault(layer, Map.of()));
                targets.add(scans.size(), layer, shape, thresholds);
                scans.add(scan(layer, shape, Optional.empty()));
            }
            Alignment alignment =
                    new Alignment(source.probe(), settings.method().rules(), targets.targets());
            Optional<List<MapSource>> kept = kept(shapes.keySet(), alignment);
            if (kept.isPresent()) {
                try (StageListener.Stage stage =
                        listener.begin(AlignmentStage.NAME, 0, source.forward().imageCount())) {
                    alignment.run(kept.get(), source.engine().threads(), stage);
                }
                watch.lap(AlignmentStage.NAME);
            } else {
                active.clear();
                align(pass, scans, alignment, found.isEmpty());
                watch.lap("second pass");
            }
            return targets.results(alignment.results(), layer -> new LayerResult.Origin(Optional.empty(), false));
        }
    }

    /** By layer, in order, what may lie in masks; nothing where some layer's is not all there. */
    private Optional<List<MapSource>> kept(Collection<String> layers, Alignment alignment) {
        List<MapSource> kept = new ArrayList<>();
        for (String layer : layers) {
            ActiveMaps maps = active.get(layer);
            if (maps == null || !alignment.holds(maps, kept.size())) {
                return Optional.empty();
            }
            kept.add(maps.alone());
        }
        return Optional.of(kept);
    }

    private LayerScan scan(String layer, ActivationShape shape, Optional<ThresholdSelector> selector) {
        return new LayerScan(
                layer, shape, selector, source.probe(), settings.storage().precision());
    }

    /** What is needed and not given, by layer; nothing where all is given. */
    private Map<String, Map<Quantile, Thresholds>> thresholds(ForwardPass pass, Map<String, ActivationShape> shapes)
            throws IOException {
        List<Quantile> quantiles = settings.quantilesNeeded();
        if (quantiles.isEmpty()) {
            return Map.of();
        }
        Optional<Map<String, Map<Quantile, Thresholds>>> earlier = record.read(shapes, quantiles);
        if (earlier.isPresent()) {
            listener.note("thresholds are those that an interrupted run found; going on behind them");
            return earlier.get();
        }
        SelectorPlan plan =
                new SelectorPlan(shapes, quantiles, settings.storage().memory());
        List<LayerScan> scans = new ArrayList<>();
        BlockPool rest = new BlockPool(plan.left());
        shapes.forEach((layer, shape) -> {
            Optional<ThresholdSelector> exact = plan.exact(layer);
            scans.add(
                    exact.isPresent()
                            ? LayerScan.keeping(layer, shape, exact, 0, rest, settings, source.probe())
                            : scan(layer, shape, Optional.of(sketch(plan, layer))));
        });
        run(pass, "first pass, for thresholds", (first, images) -> new LayerSpan(scans) {
            @Override
            void accept(int layer, LayerScan scan, ActivationBlock block) {
                scan.scan(block);
            }
        });
        Map<String, Map<Quantile, Thresholds>> thresholds = new LinkedHashMap<>();
        for (LayerScan scan : scans) {
            ThresholdSelector selector = scan.selector().orElseThrow();
            selector.endPass();
            thresholds.put(scan.layer(), byQuantile(quantiles, selector.all()));
            scan.active().ifPresent(maps -> active.put(scan.layer(), maps));
        }
        record.write(thresholds);
        watch.lap("first pass");
        return thresholds;
    }

    private static Map<Quantile, Thresholds> byQuantile(List<Quantile> quantiles, List<Thresholds> thresholds) {
        Map<Quantile, Thresholds> byQuantile = new LinkedHashMap<>();
        for (int i = 0; i < quantiles.size(); i++) {
            byQuantile.put(quantiles.get(i), thresholds.get(i));
        }
        return byQuantile;
    }

    private ThresholdSelector sketch(SelectorPlan plan, String layer) {
        ThresholdSelector selector = plan.sketch(layer);
        listener.note("layer " + layer + ": exact thresholds without a cache need " + new ByteSize(plan.need(layer))
                + " of memory, more than " + new ByteSize(plan.share(layer)) + " of --memory; they are sketched, and "
                + "summary.json says how far their ranks are off");
        return selector;
    }

    /** {@code unseen} says that no first pass has looked at the values. */
    private void align(ForwardPass pass, List<LayerScan> scans, Alignment alignment, boolean unseen)
            throws IOException {
        BlockingQueue<BlockAligner> idle = new LinkedBlockingQueue<>();
        run(pass, "second pass, for masks", (first, images) -> {
            BlockAligner taken = idle.poll();
            BlockAligner aligner = taken == null ? alignment.newAligner() : taken;
            aligner.begin(first, images);
            return new LayerSpan(scans) {
                @Override
                void accept(int layer, LayerScan scan, ActivationBlock block) throws IOException {
                    if (unseen) {
                        scan.scan(block);
                    }
                    aligner.align(layer, block);
                }

                @Override
                public Boolean end() {
                    return idle.add(aligner);
                }
            };
        });
    }

    private void run(ForwardPass pass, String name, ForwardPass.Spans<Boolean> spans) throws IOException {
        try (StageListener.Stage stage =
                listener.begin(name, 0, source.forward().imageCount())) {
            pass.run(0, spans, (first, done) -> {}, stage);
        }
    }

    /** A span whose batches are taken layer by layer. */
    private abstract static class LayerSpan implements ForwardPass.Span<Boolean> {
        private final List<LayerScan> scans;

        LayerSpan(List<LayerScan> scans) {
            this.scans = scans;
        }

        /** {@code layer} is its position. */
        abstract void accept(int layer, LayerScan scan, ActivationBlock block) throws IOException;

        @Override
        public void accept(int firstImage, LayerOutputs outputs) throws IOException {
            for (int layer = 0; layer < scans.size(); layer++) {
                LayerScan scan = scans.get(layer);
                accept(layer, scan, scan.block(firstImage, outputs.images(), outputs.layer(scan.layer())));
            }
        }

        @Override
        public Boolean end() {
            return true;
        }
    }
}
