package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.netdissect.activation.MapSource;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.threshold.BlockPool;
import org.netdissect.activation.threshold.CandidateMaps;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.activation.threshold.SelectorPlan;
import org.netdissect.activation.threshold.ThresholdSelector;
import org.netdissect.align.Alignment;
import org.netdissect.align.BlockAligner;
import org.netdissect.base.ByteSize;
import org.netdissect.base.StageListener;
import org.netdissect.network.ForwardPass;
import org.netdissect.network.LayerOutputs;
import org.netdissect.run.RunSettings;
import org.netdissect.run.Stopwatch;
import org.netdissect.run.ThresholdRecord;

/**
 * Stages 2 and 3 without a cache. The network runs over the images once for the thresholds and, unless all candidates
 * of masks fit into memory, once more for the masks. Given thresholds spare the first pass, unless a lower tail needs
 * the least activations. Found thresholds are written down; after an interruption a run starts with the second pass.
 */
final class StreamedStages {
    private final Inputs inputs;
    private final RunSettings settings;
    private final TappedNetwork.Source source;
    private final BaselineStage baseline;
    private final Stopwatch watch;
    /** by layer, the candidates of masks, if they were kept */
    private final Map<String, CandidateMaps> active = new HashMap<>();

    StreamedStages(Inputs inputs, BaselineStage baseline, Stopwatch watch) {
        this.inputs = inputs;
        this.settings = inputs.settings();
        this.source = inputs.source();
        this.baseline = baseline;
        this.watch = watch;
    }

    /** Results by view, in order of the layers. */
    Map<String, LayerResult> run(List<String> layers) throws IOException {
        Path out = inputs.output().folder();
        Files.createDirectories(out);
        try (ForwardPass pass = source.load(layers, out)) {
            Map<String, ActivationShape> shapes = pass.shapes();
            // given thresholds of another number of units are refused before the first pass
            shapes.values().forEach(shape -> inputs.given(shape.units()));
            Map<String, Map<Quantile, Thresholds>> found = thresholds(pass, shapes);
            ViewTargets targets = new ViewTargets(inputs, baseline);
            List<LayerScan> scans = new ArrayList<>();
            for (Map.Entry<String, ActivationShape> entry : shapes.entrySet()) {
                String layer = entry.getKey();
                ActivationShape shape = entry.getValue();
                LayerThresholds thresholds =
                        new LayerThresholds(inputs.given(shape.units()), found.getOrDefault(layer, Map.of()));
                targets.add(scans.size(), layer, shape, thresholds);
                scans.add(scan(layer, shape, Optional.empty()));
            }
            Alignment alignment = targets.alignment();
            Optional<List<MapSource>> kept = kept(shapes.keySet(), alignment);
            if (kept.isPresent()) {
                try (StageListener.Stage stage = source.listener()
                        .begin(AlignmentStage.NAME, 0, source.forward().imageCount())) {
                    alignment.run(kept.get(), source.engine().threads(), stage);
                }
                watch.lap(AlignmentStage.NAME);
            } else {
                active.clear();
                align(pass, scans, alignment, found.isEmpty());
                watch.lap("second pass");
            }
            return targets.results(layer -> new LayerResult.Origin(null, false));
        }
    }

    /** Candidates of masks by layer, in order; nothing where those of some layer were not all kept. */
    private Optional<List<MapSource>> kept(Collection<String> layers, Alignment alignment) {
        List<MapSource> kept = new ArrayList<>();
        for (String layer : layers) {
            CandidateMaps maps = active.get(layer);
            if (maps == null || !alignment.isCoveredBy(maps, kept.size())) {
                return Optional.empty();
            }
            kept.add(maps.alone());
        }
        return Optional.of(kept);
    }

    private LayerScan scan(String layer, ActivationShape shape, Optional<ThresholdSelector> selector) {
        return new LayerScan(
                layer, shape, selector, source.probe(), inputs.storage().precision());
    }

    /** Thresholds by layer that are needed and not given; nothing where all are given. */
    private Map<String, Map<Quantile, Thresholds>> thresholds(ForwardPass pass, Map<String, ActivationShape> shapes)
            throws IOException {
        List<Quantile> quantiles = settings.quantilesNeeded();
        if (quantiles.isEmpty()) {
            return Map.of();
        }
        ThresholdRecord record = new ThresholdRecord(
                inputs.output().folder(),
                settings,
                source.machine(),
                inputs.storage().memory());
        Optional<Map<String, Map<Quantile, Thresholds>>> earlier = record.read(shapes, quantiles);
        if (earlier.isPresent()) {
            source.listener().note("thresholds are those that an interrupted run found; going on behind them");
            return earlier.get();
        }
        SelectorPlan plan = new SelectorPlan(shapes, quantiles, inputs.storage().memory());
        List<LayerScan> scans = new ArrayList<>();
        BlockPool rest = new BlockPool(plan.left());
        shapes.forEach((layer, shape) -> {
            Optional<ThresholdSelector> exact = plan.exact(layer);
            scans.add(
                    exact.isPresent()
                            ? LayerScan.keeping(layer, shape, exact, 0, rest, inputs)
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
        source.listener()
                .note("layer " + layer + ": exact thresholds without a cache need " + new ByteSize(plan.need(layer))
                        + " of memory, more than " + new ByteSize(plan.share(layer))
                        + " of --memory; they are sketched, and "
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
                source.listener().begin(name, 0, source.forward().imageCount())) {
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
