package org.netdissect.dissect;

import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.Precision;
import org.netdissect.activation.cache.ActivationCache;
import org.netdissect.activation.cache.CachedLayer;
import org.netdissect.activation.cache.LayerRepair;
import org.netdissect.activation.cache.SpanWriter;
import org.netdissect.base.RunException;
import org.netdissect.base.StageListener;
import org.netdissect.network.ForwardPass;
import org.netdissect.network.LayerOutput;
import org.netdissect.network.LayerOutputs;

/** Computes damaged chunks of a layer in the cache again. */
final class CacheRepair {
    private final ProbedNetwork network;
    private final Precision precision;

    CacheRepair(ProbedNetwork network, Precision precision) {
        this.network = network;
        this.precision = precision;
    }

    /**
     * Repairs a layer. A layer that this machine computed is deleted if the same images now give other numbers.
     *
     * @return false if another machine computed the layer, with other kernels
     * @throws IOException if the disk does not take the chunks
     */
    boolean run(ActivationCache cache, String layer) throws IOException {
        boolean asBefore = true;
        try (CachedLayer cached = cache.find(layer).orElseThrow()) {
            List<Integer> damaged = cached.damagedChunks();
            if (damaged.isEmpty()) {
                return true;
            }
            network.listener()
                    .note("cache " + cached.path() + ": " + damaged.size() + " of " + cached.chunks()
                            + " chunks do not fit their checksums, the first from image "
                            + (cached.firstImage(damaged.get(0)) + 1) + " on; computing them again");
            try (ForwardPass pass = network.load(List.of(layer), cache.folder());
                    LayerRepair repair = cached.repair()) {
                asBefore = compute(pass, cached, damaged, repair);
            }
        }
        if (!asBefore && !cache.isOrigin(layer)) {
            cache.recordKernels(layer, false);
            if (!cache.start(layer).orElseThrow().isRefused()) {
                throw new RunException(
                        "layer " + layer + " in the cache " + cache.folder() + " is damaged and of another"
                                + " machine's kernels, which cannot be written down there (is the disk full?); choose another"
                                + " --cache");
            }
            return false;
        }
        if (!asBefore) {
            network.listener().note("layer " + layer + " gives other numbers than before; computing all of it again");
            cache.drop(layer);
        }
        return true;
    }

    private boolean compute(ForwardPass pass, CachedLayer cached, List<Integer> damaged, LayerRepair repair)
            throws IOException {
        SortedSet<Integer> starts = new TreeSet<>();
        damaged.forEach(chunk -> starts.add(cached.firstImage(chunk) / pass.spanImages() * pass.spanImages()));
        boolean[] asBefore = {true};
        try (StageListener.Stage stage = network.listener()
                .begin(
                        "activations of " + cached.layer(),
                        starts.first(),
                        network.forward().imageCount())) {
            pass.run(
                    starts,
                    (first, images) -> new RepairSpan(cached.layer(), repair.span(first, images)),
                    (first, written) -> asBefore[0] &= repair.isAsBefore(written),
                    stage);
        }
        return asBefore[0];
    }

    private final class RepairSpan implements ForwardPass.Span<SpanWriter.Written> {
        private final String layer;
        private final SpanWriter writer;

        RepairSpan(String layer, SpanWriter writer) {
            this.layer = layer;
            this.writer = writer;
        }

        @Override
        public void accept(int firstImage, LayerOutputs outputs) throws IOException {
            LayerOutput output = outputs.layer(layer);
            writer.write(ActivationBlock.computed(
                    firstImage, outputs.images(), output.units(), output.map(), precision, output.values()));
        }

        @Override
        public SpanWriter.Written end() throws IOException {
            return writer.end();
        }
    }
}
