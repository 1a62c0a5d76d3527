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
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationCache;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.CachedLayer;
import org.netdissect.activation.LayerWriter;
import org.netdissect.activation.MapScan;
import org.netdissect.activation.Precision;
import org.netdissect.activation.ThresholdSelector;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.RunException;
import org.netdissect.broden.ProbeSet;
import org.netdissect.network.ForwardPass;
import org.netdissect.network.ImageBatches;
import org.netdissect.network.InputEncoder;
import org.netdissect.network.LayerOutput;
import org.netdissect.network.LayerOutputs;
import org.netdissect.network.Network;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Stage 2: the activations of the chosen layers in the cache, with their thresholds. What is in the cache is not computed
 * again; all layers that are missing are read in one forward pass.
 */
final class ActivationStage {
    /** Share of the heap that the greatest values of all layers may take before bounded passes over the cache take over. */
    private static final int HEAP_SHARE = 4;

    private final DissectionSettings settings;
    private final ForwardSettings forward;
    private final TorchScriptArchive archive;
    private final ProbeSet probe;
    private final boolean resize;
    private final StageListener listener;

    ActivationStage(
            DissectionSettings settings,
            ForwardSettings forward,
            TorchScriptArchive archive,
            ProbeSet probe,
            boolean resize,
            StageListener listener) {
        this.settings = settings;
        this.forward = forward;
        this.archive = archive;
        this.probe = probe;
        this.resize = resize;
        this.listener = listener;
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
        for (String layer : layers) {
            CachedLayer activations = cache.find(layer).orElseThrow();
            results.put(layer, new Result(activations, thresholds(activations), !missing.contains(layer)));
        }
        return results;
    }

    private void compute(ActivationCache cache, List<String> layers) throws IOException {
        try (Network network = Network.load(archive, layers, settings.device(), cache.folder())) {
            InputEncoder encoder = new InputEncoder(forward.preprocessing(), forward.inputSize());
            ImageBatches batches = new ImageBatches(probe, encoder, forward.batch(), resize);
            ForwardPass pass = new ForwardPass(network, batches, settings.threads());
            Map<String, ActivationShape> shapes = pass.shapes();
            requireSpace(cache, shapes);
            Map<String, LayerSink> sinks = open(cache, shapes);
            try {
                int from = resumeAt(sinks);
                if (from > 0) {
                    listener.note("going on at image " + (from + 1) + " of " + forward.imageCount()
                            + ", where an interrupted run stopped");
                }
                for (LayerSink sink : sinks.values()) {
                    sink.writer.replay(sink::scan);
                }
                try (StageListener.Stage stage = listener.begin("activations", from, forward.imageCount())) {
                    pass.run(from, (first, outputs) -> accept(sinks, first, outputs), stage);
                }
                finish(sinks);
            } finally {
                for (LayerSink sink : sinks.values()) {
                    sink.writer.close();
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
                    new LayerSink(writer, ThresholdSelector.onePass(entry.getValue(), settings.topFraction(), memory)));
        }
        return sinks;
    }

    /** All layers go on together at the start of a batch, so that batches are the same as in an undisturbed run. */
    private int resumeAt(Map<String, LayerSink> sinks) throws IOException {
        int least = Integer.MAX_VALUE;
        for (LayerSink sink : sinks.values()) {
            least = Math.min(least, sink.writer.imagesDone());
        }
        int before = -1;
        while (before != least) {
            before = least;
            least = least == forward.imageCount() ? least : least / forward.batch() * forward.batch();
            for (LayerSink sink : sinks.values()) {
                least = Math.min(least, sink.writer.rewind(least));
            }
        }
        return least;
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

    private void accept(Map<String, LayerSink> sinks, int first, LayerOutputs outputs) throws IOException {
        for (Map.Entry<String, LayerOutput> entry : outputs.layers().entrySet()) {
            LayerOutput output = entry.getValue();
            LayerSink sink = Objects.requireNonNull(sinks.get(entry.getKey()), "a layer that was not asked for");
            ActivationShape shape = sink.writer.shape();
            if (output.units() != shape.units() || !output.map().equals(shape.map())) {
                throw new RunException("layer " + entry.getKey() + ": output of " + output.units() + " units and "
                        + output.map() + " maps at image " + (first + 1) + ", before " + shape.units() + " and "
                        + shape.map() + "; the network's output must not depend on the image");
            }
            ActivationBlock block = ActivationBlock.computed(
                    first, outputs.images(), output.units(), output.map(), settings.precision(), output.values());
            sink.scan(block);
            sink.writer.append(block);
        }
    }

    /** Thresholds that did not fit into one pass are found later, from the cache. */
    private void finish(Map<String, LayerSink> sinks) throws IOException {
        for (LayerSink sink : sinks.values()) {
            try (CachedLayer activations = sink.writer.finish()) {
                if (sink.selector.isPresent()) {
                    endPasses(sink.selector.get(), activations);
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

    /** Where one layer's outputs go. */
    private final class LayerSink {
        private final LayerWriter writer;
        private final Optional<ThresholdSelector> selector;
        private final MapScan scan;

        LayerSink(LayerWriter writer, Optional<ThresholdSelector> selector) {
            this.writer = writer;
            this.selector = selector;
            this.scan = new MapScan(selector, writer.shape());
        }

        void scan(ActivationBlock block) {
            MapScan.NotFinite fault = scan.accept(block);
            if (fault != null) {
                String image = probe.images().get(fault.image()).file();
                throw new RunException("layer " + writer.layer() + ", unit " + (fault.unit() + 1) + ": activation "
                        + fault.value() + " at row " + fault.row() + ", column " + fault.column() + " on image " + image
                        + "; thresholds need finite numbers (check the weights"
                        + (settings.precision() == Precision.FLOAT16 ? " or use --cache-precision float32" : "")
                        + ")");
            }
        }
    }
}
