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
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.MapSource;
import org.netdissect.activation.Precision;
import org.netdissect.activation.cache.ActivationCache;
import org.netdissect.activation.cache.CachedLayer;
import org.netdissect.activation.cache.SpanWriter;
import org.netdissect.activation.cache.direct.DirectWriter;
import org.netdissect.activation.threshold.BlockPool;
import org.netdissect.activation.threshold.CandidateMaps;
import org.netdissect.activation.threshold.SelectorPlan;
import org.netdissect.activation.threshold.ThresholdSelector;
import org.netdissect.base.ByteSize;
import org.netdissect.base.StageListener;
import org.netdissect.network.ForwardPass;
import org.netdissect.network.LayerOutputs;
import org.netdissect.run.RunSettings;

/**
 * Stage 2: the activations of the chosen layers in the cache, with their thresholds. Layers in the cache are not
 * computed again; one forward pass computes all missing ones.
 */
final class ActivationStage {
    /**
     * The first 1/8 of the images is read again for masks: thresholds rise with the images, and early candidates are
     * many.
     */
    private static final int READ_AGAIN = 8;

    private final Inputs inputs;
    private final RunSettings settings;
    private final TappedNetwork.Source source;
    private final ActivationCache cache;
    private final StageListener listener;
    private final CachedThresholds thresholds;
    /** by layer, of those that were computed */
    private final Map<String, CandidateMaps> active = new HashMap<>();

    ActivationStage(Inputs inputs, ActivationCache cache) {
        this.inputs = inputs;
        this.settings = inputs.settings();
        this.source = inputs.source();
        this.cache = cache;
        this.listener = source.listener();
        this.thresholds = new CachedThresholds(inputs.storage().memory(), listener);
    }

    /**
     * Computes the layers that are missing, unless the disk has no room for them; then a note says so.
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

    /** Opens those of the layers that are there. */
    OpenLayers open(List<String> layers) throws IOException {
        return OpenLayers.of(cache, layers);
    }

    private boolean compute(List<String> layers) throws IOException {
        try (ForwardPass pass = source.load(layers, cache.folder())) {
            Map<String, ActivationShape> shapes = pass.shapes();
            long needed = bytesNeeded(shapes);
            if (!hasSpace(needed)) {
                return false;
            }
            Optional<DirectWriter> direct =
                    PageCacheRule.passesBy(needed) ? Optional.of(new DirectWriter()) : Optional.empty();
            Map<String, LayerSink> sinks = new LinkedHashMap<>();
            try {
                openSinks(sinks, shapes, direct);
                int images = source.forward().imageCount();
                int from = resumeAt(sinks, pass.spanImages());
                if (from > 0) {
                    listener.note(
                            "going on at image " + (from + 1) + " of " + images + ", where an interrupted run stopped");
                }
                for (LayerSink sink : sinks.values()) {
                    sink.writer().replay(sink.scan()::scan);
                }
                try (StageListener.Stage stage = listener.begin("activations", from, images)) {
                    pass.run(from, (first, count) -> new CacheSpan(sinks, first, count), this::append, stage);
                }
                finish(sinks, direct.isPresent());
                return true;
            } finally {
                direct.ifPresent(DirectWriter::close);
                for (LayerSink sink : sinks.values()) {
                    sink.writer().close();
                }
            }
        }
    }

    /** Opens the sinks of all layers; those opened before a failure are the caller's to close. */
    private void openSinks(
            Map<String, LayerSink> sinks, Map<String, ActivationShape> shapes, Optional<DirectWriter> direct)
            throws IOException {
        SelectorPlan plan =
                new SelectorPlan(shapes, settings.quantiles(), inputs.storage().memory());
        Precision precision = inputs.storage().precision();
        BlockPool rest = new BlockPool(plan.left());
        for (Map.Entry<String, ActivationShape> entry : shapes.entrySet()) {
            String layer = entry.getKey();
            Optional<ThresholdSelector> exact = plan.exact(layer);
            // what stays in the page cache is read again in less time than it takes to keep what may lie in masks
            LayerScan scan = direct.isPresent()
                    ? LayerScan.keeping(layer, entry.getValue(), exact, firstKept(), rest, inputs)
                    : new LayerScan(layer, entry.getValue(), exact, source.probe(), precision);
            sinks.put(layer, new LayerSink(cache.writer(layer, entry.getValue(), precision, direct), scan));
        }
    }

    /** Position of the first image whose candidates are kept in memory. */
    private int firstKept() {
        int chunk = MapSource.LARGEST_CHUNK;
        return source.forward().imageCount() / READ_AGAIN / chunk * chunk;
    }

    /** All layers go on together at the start of a span, so that batches are the same as in an undisturbed run. */
    private int resumeAt(Map<String, LayerSink> sinks, int spanImages) throws IOException {
        int images = source.forward().imageCount();
        int least = images;
        for (LayerSink sink : sinks.values()) {
            least = Math.min(least, sink.writer().imagesDone());
        }
        int from = least == images ? images : least / spanImages * spanImages;
        for (LayerSink sink : sinks.values()) {
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
                    + "images (against that: --cache DIR on another disk, "
                    + (inputs.storage().precision() == Precision.FLOAT32 ? "--cache-precision float16, " : "")
                    + "fewer layers or --limit N)");
        }
        return free >= needed;
    }

    /** One span of all layers on its way into the cache. */
    private static final class CacheSpan implements ForwardPass.Span<Map<LayerSink, SpanWriter.Written>> {
        private final Map<String, LayerSink> sinks;
        private final Map<LayerSink, SpanWriter> writers = new LinkedHashMap<>();

        CacheSpan(Map<String, LayerSink> sinks, int firstImage, int images) {
            this.sinks = sinks;
            sinks.values().forEach(sink -> writers.put(sink, sink.writer().span(firstImage, images)));
        }

        @Override
        public void accept(int firstImage, LayerOutputs outputs) throws IOException {
            for (Map.Entry<String, LayerSink> entry : sinks.entrySet()) {
                LayerSink sink = entry.getValue();
                sink.accept(
                        firstImage,
                        outputs.images(),
                        outputs.layer(entry.getKey()),
                        Objects.requireNonNull(writers.get(sink)));
            }
        }

        @Override
        public Map<LayerSink, SpanWriter.Written> end() throws IOException {
            Map<LayerSink, SpanWriter.Written> written = new LinkedHashMap<>();
            for (Map.Entry<LayerSink, SpanWriter> entry : writers.entrySet()) {
                written.put(entry.getKey(), entry.getValue().end());
            }
            return written;
        }
    }

    private void append(int firstImage, Map<LayerSink, SpanWriter.Written> span) throws IOException {
        for (Map.Entry<LayerSink, SpanWriter.Written> entry : span.entrySet()) {
            entry.getKey().writer().append(entry.getValue());
        }
    }

    /** Thresholds that did not fit into one pass are found later, from the cache. */
    private void finish(Map<String, LayerSink> sinks, boolean direct) throws IOException {
        for (LayerSink sink : sinks.values()) {
            try (CachedLayer activations = sink.writer().finish()) {
                if (direct) {
                    activations.readDirectly();
                }
                if (sink.scan().selector().isPresent()) {
                    thresholds.end(sink.scan().selector().get(), activations, settings.quantiles());
                }
                sink.scan().active().ifPresent(maps -> active.put(sink.scan().layer(), maps));
            }
        }
    }

    /** Candidates of a layer for masks, if they are in memory since the layer was computed. */
    Optional<CandidateMaps> active(String layer) {
        return Optional.ofNullable(active.get(layer));
    }

    /** Thresholds that were given or saved, or that passes over the cache find. */
    LayerThresholds thresholds(CachedLayer activations) throws IOException {
        return new LayerThresholds(
                inputs.given(activations.shape().units()), thresholds.of(activations, settings.quantilesNeeded()));
    }
}
