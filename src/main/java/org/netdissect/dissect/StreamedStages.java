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
import org.jspecify.annotations.Nullable;
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
 * of masks fit into memory, once more for the masks. Given thresholds make the first pass unnecessary, unless a lower
 * tail needs the least activations. Computed thresholds are recorded, so that a run starts with the second pass after
 * an interruption.
 */
final class StreamedStages {
    private final Inputs inputs;
    private final RunSettings settings;
    private final ProbedNetwork network;
    private final BaselineStage baseline;
    private final Stopwatch watch;
    /** by layer, where they fit into memory */
    private final Map<String, CandidateMaps> candidates = new HashMap<>();

    StreamedStages(Inputs inputs, BaselineStage baseline, Stopwatch watch) {
        this.inputs = inputs;
        this.settings = inputs.settings();
        this.network = inputs.network();
        this.baseline = baseline;
        this.watch = watch;
    }

    /** Results by view, in order of the layers. */
    Map<String, LayerResult> run(List<String> layers) throws IOException {
        Path out = inputs.output().folder();
        Files.createDirectories(out);
        try (ForwardPass pass = network.load(layers, out)) {
            Map<String, ActivationShape> shapes = pass.shapes();
            // a wrong number of given thresholds is an error before the first pass
            shapes.values().forEach(shape -> inputs.given(shape.units()));
            Map<String, Map<Quantile, Thresholds>> thresholds = thresholds(pass, shapes);
            ViewTargets targets = new ViewTargets(inputs, baseline);
            List<LayerScan> scans = new ArrayList<>();
            for (Map.Entry<String, ActivationShape> entry : shapes.entrySet()) {
                String layer = entry.getKey();
                ActivationShape shape = entry.getValue();
                targets.add(scans.size(), layer, shape, thresholds.getOrDefault(layer, Map.of()));
                scans.add(scan(layer, shape, null));
            }
            Alignment alignment = targets.alignment();
            Optional<List<MapSource>> all = candidates(shapes.keySet(), alignment);
            if (all.isPresent()) {
                try (StageListener.Stage stage = network.listener()
                        .begin(AlignmentStage.NAME, 0, network.forward().imageCount())) {
                    alignment.run(all.get(), network.engine().threads(), stage);
                }
                watch.lap(AlignmentStage.NAME);
            } else {
                candidates.clear();
                align(pass, scans, alignment, thresholds.isEmpty());
                watch.lap("second pass");
            }
            return targets.results(layer -> new LayerResult.Origin(null, false));
        }
    }

    /** Candidates of all layers, in order, if those of every layer suffice for its masks. */
    private Optional<List<MapSource>> candidates(Collection<String> layers, Alignment alignment) {
        List<MapSource> all = new ArrayList<>();
        for (String layer : layers) {
            CandidateMaps maps = candidates.get(layer);
            if (maps == null || !alignment.isCoveredBy(maps, all.size())) {
                return Optional.empty();
            }
            all.add(maps.alone());
        }
        return Optional.of(all);
    }

    private LayerScan scan(String layer, ActivationShape shape, @Nullable ThresholdSelector selector) {
        return new LayerScan(
                layer, shape, selector, network.probe(), inputs.storage().precision());
    }

    /** Thresholds by layer and quantile; empty if all are given. */
    private Map<String, Map<Quantile, Thresholds>> thresholds(ForwardPass pass, Map<String, ActivationShape> shapes)
            throws IOException {
        List<Quantile> quantiles = settings.quantilesNeeded();
        if (quantiles.isEmpty()) {
            return Map.of();
        }
        ThresholdRecord record = new ThresholdRecord(
                inputs.output().folder(),
                settings,
                network.machine(),
                inputs.storage().memory());
        Optional<Map<String, Map<Quantile, Thresholds>>> earlier = record.read(shapes, quantiles);
        if (earlier.isPresent()) {
            network.listener().note("thresholds are those of an interrupted run; going on with the second pass");
            return earlier.get();
        }
        SelectorPlan plan = new SelectorPlan(shapes, quantiles, inputs.storage().memory());
        List<LayerScan> scans = new ArrayList<>();
        BlockPool pool = new BlockPool(plan.left());
        shapes.forEach((layer, shape) -> {
            ThresholdSelector exact = plan.exact(layer).orElse(null);
            scans.add(
                    exact != null
                            ? LayerScan.withCandidates(layer, shape, exact, 0, pool, inputs)
                            : scan(layer, shape, sketch(plan, layer)));
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
            thresholds.put(scan.layer(), CachedThresholds.byQuantile(quantiles, selector));
            scan.candidates().ifPresent(maps -> candidates.put(scan.layer(), maps));
        }
        record.write(thresholds);
        watch.lap("first pass");
        return thresholds;
    }

    private ThresholdSelector sketch(SelectorPlan plan, String layer) {
        ThresholdSelector selector = plan.sketch(layer);
        network.listener()
                .note("layer " + layer + ": exact thresholds without a cache need " + new ByteSize(plan.need(layer))
                        + " of memory, more than " + new ByteSize(plan.share(layer))
                        + " of --memory; they are sketched, and "
                        + "summary.json says how far their ranks are off");
        return selector;
    }

    /** Aligns all layers in a second pass. If values are {@code unseen} by a first pass, they are checked here. */
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
                network.listener().begin(name, 0, network.forward().imageCount())) {
            pass.run(0, spans, (first, done) -> {}, stage);
        }
    }

    /** A span that takes batches layer by layer. */
    private abstract static class LayerSpan implements ForwardPass.Span<Boolean> {
        private final List<LayerScan> scans;

        LayerSpan(List<LayerScan> scans) {
            this.scans = scans;
        }

        /** Takes one batch of a layer, {@code layer} being its position. */
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
