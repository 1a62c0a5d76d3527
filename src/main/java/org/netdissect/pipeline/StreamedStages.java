package org.netdissect.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.SelectorPlan;
import org.netdissect.activation.ThresholdSelector;
import org.netdissect.activation.Thresholds;
import org.netdissect.align.Alignment;
import org.netdissect.align.BlockAligner;
import org.netdissect.base.ByteSize;
import org.netdissect.network.ForwardPass;
import org.netdissect.network.LayerOutputs;

/**
 * Stages 2 and 3 without a cache: the network runs over the images once for the thresholds and once more for the masks,
 * and no activation is kept. Given thresholds spare the first pass; those it found are written down, so that a run that was
 * interrupted later goes on behind it.
 */
final class StreamedStages {
    private final DissectionSettings settings;
    private final TappedNetwork.Source source;
    private final LayerPlacements placements;
    private final Optional<ThresholdFile> given;
    private final ThresholdRecord record;
    private final Stopwatch watch;
    private final StageListener listener;

    /** {@code given} are thresholds to be used in place of those of the top fraction. */
    StreamedStages(
            DissectionSettings settings,
            TappedNetwork.Source source,
            LayerPlacements placements,
            Optional<ThresholdFile> given,
            ThresholdRecord record,
            Stopwatch watch) {
        this.settings = settings;
        this.source = source;
        this.placements = placements;
        this.given = given;
        this.record = record;
        this.watch = watch;
        this.listener = source.listener();
    }

    /** Results by layer, in order. */
    Map<String, LayerResult> run(List<String> layers) throws IOException {
        Files.createDirectories(settings.out());
        try (TappedNetwork network = TappedNetwork.load(source, layers, settings.out())) {
            Map<String, ActivationShape> shapes = network.shapes();
            Map<String, Thresholds> thresholds = thresholds(network.pass(), shapes);
            List<Alignment.Target> targets = new ArrayList<>();
            List<LayerScan> scans = new ArrayList<>();
            shapes.forEach((layer, shape) -> {
                targets.add(new Alignment.Target(
                        targets.size(),
                        shape,
                        of(thresholds, layer),
                        placements.of(layer).placement(),
                        settings.newTop(shape.units())));
                scans.add(scan(layer, shape, Optional.empty()));
            });
            Alignment alignment =
                    new Alignment(source.probe(), settings.method().rules(), targets);
            align(network.pass(), scans, alignment);
            watch.lap("second pass");
            Map<String, LayerResult> results = new LinkedHashMap<>();
            for (int i = 0; i < scans.size(); i++) {
                Alignment.Target target = targets.get(i);
                results.put(
                        scans.get(i).layer(),
                        new LayerResult(
                                target.shape(),
                                target.thresholds(),
                                alignment.counts().get(i),
                                target.top(),
                                Optional.empty(),
                                false));
            }
            return results;
        }
    }

    private static Thresholds of(Map<String, Thresholds> thresholds, String layer) {
        Thresholds found = thresholds.get(layer);
        if (found == null) {
            throw new IllegalStateException("no thresholds of " + layer);
        }
        return found;
    }

    private LayerScan scan(String layer, ActivationShape shape, Optional<ThresholdSelector> selector) {
        return new LayerScan(
                layer, shape, selector, source.probe(), settings.storage().precision());
    }

    private Map<String, Thresholds> thresholds(ForwardPass pass, Map<String, ActivationShape> shapes)
            throws IOException {
        Map<String, Thresholds> thresholds = new LinkedHashMap<>();
        if (given.isPresent()) {
            shapes.forEach((layer, shape) -> thresholds.put(layer, given.get().forUnits(shape.units())));
            return thresholds;
        }
        Optional<Map<String, Thresholds>> earlier = record.read(shapes);
        if (earlier.isPresent()) {
            listener.note("thresholds are those that an interrupted run found; going on behind them");
            return earlier.get();
        }
        SelectorPlan plan = new SelectorPlan(
                shapes, settings.fractionAbove(), settings.storage().memory());
        List<LayerScan> scans = new ArrayList<>();
        shapes.forEach((layer, shape) -> {
            ThresholdSelector selector = plan.exact(layer).orElseGet(() -> sketch(plan, layer));
            scans.add(scan(layer, shape, Optional.of(selector)));
        });
        run(pass, "first pass, for thresholds", (first, images) -> new LayerSpan(scans) {
            @Override
            void accept(int layer, LayerScan scan, ActivationBlock block) {
                scan.scan(block);
            }
        });
        for (LayerScan scan : scans) {
            ThresholdSelector selector = scan.selector().orElseThrow();
            selector.endPass();
            thresholds.put(scan.layer(), selector.thresholds());
        }
        record.write(thresholds);
        watch.lap("first pass");
        return thresholds;
    }

    private ThresholdSelector sketch(SelectorPlan plan, String layer) {
        ThresholdSelector selector = plan.sketch(layer);
        listener.note("layer " + layer + ": exact thresholds without a cache need " + new ByteSize(plan.need(layer))
                + " of memory, more than " + new ByteSize(plan.share(layer)) + " of --memory; they are sketched, and "
                + "summary.json says how far their ranks are off");
        return selector;
    }

    private void align(ForwardPass pass, List<LayerScan> scans, Alignment alignment) throws IOException {
        BlockingQueue<BlockAligner> idle = new LinkedBlockingQueue<>();
        run(pass, "second pass, for masks", (first, images) -> {
            BlockAligner taken = idle.poll();
            BlockAligner aligner = taken == null ? alignment.newAligner() : taken;
            aligner.begin(first, images);
            return new LayerSpan(scans) {
                @Override
                void accept(int layer, LayerScan scan, ActivationBlock block) {
                    if (given.isPresent()) {
                        // no first pass has looked at the values
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
        abstract void accept(int layer, LayerScan scan, ActivationBlock block);

        @Override
        public void accept(int firstImage, LayerOutputs outputs) {
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
