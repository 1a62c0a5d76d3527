package org.netdissect.pipeline;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.netdissect.activation.ActivationCache;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.CachedLayer;
import org.netdissect.activation.LayerWriter;
import org.netdissect.activation.MapScan;
import org.netdissect.activation.Precision;
import org.netdissect.activation.SpanWriter;
import org.netdissect.activation.ThresholdSelector;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.RunException;
import org.netdissect.network.ForwardPass;
import org.netdissect.network.LayerOutputs;

/**
 * Stage 2: the activations of the chosen layers in the cache, with their thresholds. What is in the cache is not computed
 * again; all layers that are missing are read in one forward pass.
 */
final class ActivationStage {
    /** Share of the heap that the greatest values of all layers may take before bounded passes over the cache take over. */
    private static final int HEAP_SHARE = 4;

    private final DissectionSettings settings;
    private final TappedNetwork.Source source;
    private final StageListener listener;

    ActivationStage(DissectionSettings settings, TappedNetwork.Source source) {
        this.settings = settings;
        this.source = source;
        this.listener = source.listener();
    }

    /** A layer in the cache with its thresholds. */
    record Result(CachedLayer activations, Thresholds thresholds, boolean wasCached) {}

    /** Results by layer, in order. They stay open; the caller closes their activations. */
    Map<String, Result> run(ActivationCache cache, List<String> layers) throws IOException {
        List<String> missing = new ArrayList<>();
        for (String layer : layers) {
            try (CachedLayer cached = cache.find(layer).orElse(null)) {
                if (cached == null) {
                    missing.add(layer);
                }
            }
        }
        if (!missing.isEmpty()) {
            compute(cache, missing);
        }
        Map<String, Result> results = new LinkedHashMap<>();
        List<CachedLayer> opened = new ArrayList<>();
        try {
            for (String layer : layers) {
                CachedLayer activations = cache.find(layer).orElseThrow();
                opened.add(activations);
                results.put(layer, new Result(activations, thresholds(activations), !missing.contains(layer)));
            }
            opened.clear();
        } finally {
            // after a failure, such as a damaged chunk, which is repaired and all layers opened again
            for (CachedLayer left : opened) {
                left.close();
            }
        }
        return results;
    }

    private void compute(ActivationCache cache, List<String> layers) throws IOException {
        try (TappedNetwork network = TappedNetwork.load(source, layers, cache.folder())) {
            Map<String, ActivationShape> shapes = network.shapes();
            requireSpace(cache, shapes);
            Map<String, LayerSink> sinks = open(cache, shapes);
            try {
                ForwardPass pass = network.pass();
                int images = source.forward().imageCount();
                int from = resumeAt(sinks, pass.spanImages());
                if (from > 0) {
                    listener.note(
                            "going on at image " + (from + 1) + " of " + images + ", where an interrupted run stopped");
                }
                for (LayerSink sink : sinks.values()) {
                    sink.writer().replay(sink::scan);
                }
                try (StageListener.Stage stage = listener.begin("activations", from, images)) {
                    pass.run(from, (first, count) -> new CacheSpan(sinks, first, count), this::append, stage);
                }
                finish(sinks);
            } finally {
                for (LayerSink sink : sinks.values()) {
                    sink.writer().close();
                }
            }
        }
    }

    private Map<String, LayerSink> open(ActivationCache cache, Map<String, ActivationShape> shapes) throws IOException {
        long memory = Runtime.getRuntime().maxMemory() / HEAP_SHARE / shapes.size();
        Map<String, LayerSink> sinks = new LinkedHashMap<>();
        for (Map.Entry<String, ActivationShape> entry : shapes.entrySet()) {
            LayerWriter writer = cache.writer(entry.getKey(), entry.getValue(), settings.precision());
            sinks.put(
                    entry.getKey(),
                    new LayerSink(
                            writer,
                            ThresholdSelector.onePass(entry.getValue(), settings.topFraction(), memory),
                            source.probe(),
                            settings.precision()));
        }
        return sinks;
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

    private void requireSpace(ActivationCache cache, Map<String, ActivationShape> shapes) throws IOException {
        long needed = 0;
        for (Map.Entry<String, ActivationShape> entry : shapes.entrySet()) {
            needed += cache.bytesNeeded(entry.getKey(), entry.getValue(), settings.precision());
        }
        FileStore store = Files.getFileStore(cache.folder());
        if (store.getUsableSpace() < needed) {
            throw new RunException("the cache needs " + size(needed) + " more on the disk of " + cache.folder()
                    + ", which has " + size(store.getUsableSpace()) + " free; give --cache DIR on another disk, "
                    + (settings.precision() == Precision.FLOAT32 ? "--cache-precision float16 (half of it), " : "")
                    + "fewer layers or --limit N");
        }
    }

    static String size(long bytes) {
        return bytes >= 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f GB", bytes / 1e9)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
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
        public Map<LayerSink, SpanWriter.Written> end() {
            Map<LayerSink, SpanWriter.Written> written = new LinkedHashMap<>();
            writers.forEach((sink, writer) -> written.put(sink, writer.end()));
            return written;
        }
    }

    private void append(int firstImage, Map<LayerSink, SpanWriter.Written> span) throws IOException {
        for (Map.Entry<LayerSink, SpanWriter.Written> entry : span.entrySet()) {
            entry.getKey().writer().append(entry.getValue());
        }
    }

    /** Thresholds that did not fit into one pass are found later, from the cache. */
    private void finish(Map<String, LayerSink> sinks) throws IOException {
        for (LayerSink sink : sinks.values()) {
            try (CachedLayer activations = sink.writer().finish()) {
                if (sink.selector().isPresent()) {
                    endPasses(sink.selector().get(), activations);
                }
            }
        }
    }

    /** Saved thresholds, or a pass over the cache. */
    private Thresholds thresholds(CachedLayer activations) throws IOException {
        BigDecimal fraction = settings.topFraction();
        Optional<Thresholds> saved = activations.thresholds(fraction);
        if (saved.isPresent()) {
            return saved.get();
        }
        long memory = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
        ThresholdSelector selector = ThresholdSelector.onePass(activations.shape(), fraction, memory)
                .orElseGet(() -> ThresholdSelector.threePasses(activations.shape(), fraction));
        pass(selector, activations);
        return endPasses(selector, activations);
    }

    private Thresholds endPasses(ThresholdSelector selector, CachedLayer activations) throws IOException {
        while (!selector.endPass()) {
            pass(selector, activations);
        }
        Thresholds thresholds = selector.thresholds();
        activations.saveThresholds(settings.topFraction(), thresholds);
        return thresholds;
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
