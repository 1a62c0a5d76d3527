package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.MapSource;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.cache.ActivationCache;
import org.netdissect.activation.cache.CachedLayer;
import org.netdissect.activation.cache.LayerWriter;
import org.netdissect.activation.cache.SpanWriter;
import org.netdissect.activation.cache.direct.DirectWriter;
import org.netdissect.activation.threshold.BlockPool;
import org.netdissect.activation.threshold.CandidateMaps;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.activation.threshold.SelectorPlan;
import org.netdissect.activation.threshold.ThresholdSelector;
import org.netdissect.base.ByteSize;
import org.netdissect.base.StageListener;
import org.netdissect.network.ForwardPass;
import org.netdissect.network.LayerOutput;
import org.netdissect.network.LayerOutputs;
import org.netdissect.run.RunSettings;

/**
 * Stage 2: computes activations into the cache, and their thresholds. One forward pass computes all layers that the
 * cache lacks.
 */
final class ActivationStage {
    /**
     * The first 1/8 of the images is read again for masks: their candidates would be many, as thresholds are still low.
     */
    private static final int READ_AGAIN = 8;

    private final Inputs inputs;
    private final RunSettings settings;
    private final ProbedNetwork network;
    private final ActivationCache cache;
    private final StageListener listener;
    private final CachedThresholds thresholds;
    /** by layer, of layers that this run computed */
    private final Map<String, CandidateMaps> candidates = new HashMap<>();

    ActivationStage(Inputs inputs, ActivationCache cache) {
        this.inputs = inputs;
        this.settings = inputs.settings();
        this.network = inputs.network();
        this.cache = cache;
        this.listener = network.listener();
        this.thresholds = new CachedThresholds(inputs.storage().memory(), listener);
    }

    /**
     * Computes the missing layers if the disk has room for them; else a note says so.
     *
     * @return the layers that were computed
     */
    List<String> fill(List<String> layers) throws IOException {
        List<String> missing = new ArrayList<>();
        for (String layer : layers) {
            try (CachedLayer cached = cache.find(layer).orElse(null)) {
                if (cached == null) {
                    missing.add(layer);
                }
            }
        }
        return !missing.isEmpty() && compute(missing) ? missing : List.of();
    }

    private boolean compute(List<String> layers) throws IOException {
        try (ForwardPass pass = network.load(layers, cache.folder())) {
            Map<String, ActivationShape> shapes = pass.shapes();
            long needed = bytesNeeded(shapes);
            if (!hasSpace(needed)) {
                return false;
            }
            Map<String, Sink> sinks = new LinkedHashMap<>();
            try (DirectWriter direct = PageCacheRule.passesBy(needed) ? new DirectWriter() : null) {
                openSinks(sinks, shapes, direct);
                int images = network.forward().imageCount();
                int from = rewind(sinks, pass.spanImages());
                if (from > 0) {
                    listener.note(
                            "going on at image " + (from + 1) + " of " + images + ", where an interrupted run stopped");
                }
                for (Sink sink : sinks.values()) {
                    sink.writer().replay(sink.scan()::scan);
                }
                try (StageListener.Stage stage = listener.begin("activations", from, images)) {
                    pass.run(from, (first, count) -> new CacheSpan(sinks, first, count), this::append, stage);
                }
                finish(sinks, direct != null);
                return true;
            } finally {
                for (Sink sink : sinks.values()) {
                    sink.writer().close();
                }
            }
        }
    }

    /** Opens the sinks of all layers. The caller closes them, also after a failure. */
    private void openSinks(Map<String, Sink> sinks, Map<String, ActivationShape> shapes, @Nullable DirectWriter direct)
            throws IOException {
        SelectorPlan plan =
                new SelectorPlan(shapes, settings.quantiles(), inputs.storage().memory());
        Precision precision = inputs.storage().precision();
        BlockPool pool = new BlockPool(plan.left());
        for (Map.Entry<String, ActivationShape> entry : shapes.entrySet()) {
            String layer = entry.getKey();
            ThresholdSelector exact = plan.exact(layer).orElse(null);
            // reading from the page cache takes less time than collecting candidates
            LayerScan scan = direct != null
                    ? LayerScan.withCandidates(layer, entry.getValue(), exact, firstCandidate(), pool, inputs)
                    : new LayerScan(layer, entry.getValue(), exact, network.probe(), precision);
            sinks.put(
                    layer,
                    new Sink(cache.writer(layer, entry.getValue(), precision, Optional.ofNullable(direct)), scan));
        }
    }

    /** Position of the first image whose candidates are collected. */
    private int firstCandidate() {
        int chunk = MapSource.LARGEST_CHUNK;
        return network.forward().imageCount() / READ_AGAIN / chunk * chunk;
    }

    /** Rewinds all layers to the start of one span, so that batches are those of an undisturbed run. */
    private int rewind(Map<String, Sink> sinks, int spanImages) throws IOException {
        int images = network.forward().imageCount();
        int done = images;
        for (Sink sink : sinks.values()) {
            done = Math.min(done, sink.writer().imagesDone());
        }
        int from = done == images ? images : done / spanImages * spanImages;
        for (Sink sink : sinks.values()) {
            sink.writer().rewind(from);
        }
        return from;
    }

    private long bytesNeeded(Map<String, ActivationShape> shapes) throws IOException {
        long needed = 0;
        for (Map.Entry<String, ActivationShape> entry : shapes.entrySet()) {
            needed += cache.bytesNeeded(
                    entry.getKey(), entry.getValue(), inputs.storage().precision());
        }
        return needed;
    }

    private boolean hasSpace(long needed) throws IOException {
        long free = Files.getFileStore(cache.folder()).getUsableSpace();
        if (free < needed) {
            listener.note("the cache needs " + new ByteSize(needed) + " more on the disk of " + cache.folder()
                    + ", which has " + new ByteSize(free)
                    + " free: nothing is kept, and the network may run twice over the "
                    + "images (to avoid that: --cache DIR on another disk, "
                    + (inputs.storage().precision() == Precision.FLOAT32 ? "--cache-precision float16, " : "")
                    + "fewer layers or --limit N)");
        }
        return free >= needed;
    }

    /** Destinations of one layer's outputs: the scan that selects thresholds, and the cache. */
    private record Sink(LayerWriter writer, LayerScan scan) {
        void accept(int firstImage, int images, LayerOutput output, SpanWriter span) throws IOException {
            ActivationBlock block = scan.block(firstImage, images, output);
            scan.scan(block);
            span.write(block);
        }
    }

    /** Writes one span of all layers to the cache. */
    private static final class CacheSpan implements ForwardPass.Span<Map<Sink, SpanWriter.Written>> {
        private final Map<String, Sink> sinks;
        private final Map<Sink, SpanWriter> writers = new LinkedHashMap<>();

        CacheSpan(Map<String, Sink> sinks, int firstImage, int images) {
            this.sinks = sinks;
            sinks.values().forEach(sink -> writers.put(sink, sink.writer().span(firstImage, images)));
        }

        @Override
        public void accept(int firstImage, LayerOutputs outputs) throws IOException {
            for (Map.Entry<String, Sink> entry : sinks.entrySet()) {
                Sink sink = entry.getValue();
                sink.accept(
                        firstImage,
                        outputs.images(),
                        outputs.layer(entry.getKey()),
                        Objects.requireNonNull(writers.get(sink)));
            }
        }

        @Override
        public Map<Sink, SpanWriter.Written> end() throws IOException {
            Map<Sink, SpanWriter.Written> written = new LinkedHashMap<>();
            for (Map.Entry<Sink, SpanWriter> entry : writers.entrySet()) {
                written.put(entry.getKey(), entry.getValue().end());
            }
            return written;
        }
    }

    private void append(int firstImage, Map<Sink, SpanWriter.Written> span) throws IOException {
        for (Map.Entry<Sink, SpanWriter.Written> entry : span.entrySet()) {
            entry.getKey().writer().append(entry.getValue());
        }
    }

    /** Completes the layers. Thresholds that do not fit into one pass are computed later, from the cache. */
    private void finish(Map<String, Sink> sinks, boolean direct) throws IOException {
        for (Sink sink : sinks.values()) {
            try (CachedLayer activations = sink.writer().finish()) {
                if (direct) {
                    activations.readDirectly();
                }
                if (sink.scan().selector().isPresent()) {
                    thresholds.end(sink.scan().selector().get(), activations, settings.quantiles());
                }
                sink.scan()
                        .candidates()
                        .ifPresent(maps -> candidates.put(sink.scan().layer(), maps));
            }
        }
    }

    /** Candidates of a layer, if this run computed it and had memory for them. */
    Optional<CandidateMaps> candidates(String layer) {
        return Optional.ofNullable(candidates.get(layer));
    }

    /** Thresholds by quantile, saved in the cache or computed by passes over it. */
    Map<Quantile, Thresholds> thresholds(CachedLayer activations) throws IOException {
        return thresholds.of(activations, settings.quantilesNeeded());
    }
}
