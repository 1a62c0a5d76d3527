package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.CacheIdentity;
import org.netdissect.activation.Fingerprint;
import org.netdissect.activation.cache.ActivationCache;
import org.netdissect.activation.cache.SpanWriter;
import org.netdissect.activation.cache.StoredStart;
import org.netdissect.base.InputException;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.RunException;
import org.netdissect.network.ForwardPass;
import org.netdissect.network.LayerOutput;
import org.netdissect.network.LayerOutputs;

/**
 * Opens the cache that holds activations of this machine's kernels, so that no run mixes kernels that round
 * differently.
 *
 * <p>The folder of the common key serves all machines that give the first span of images the same activations, bit by
 * bit. An unknown machine computes that span once; the result is recorded. A machine that gives other activations gets
 * another folder, which its later runs open directly; the common folder does not change.
 */
final class KernelCheck {
    private final ProbedNetwork network;
    private final Fingerprint here;

    /** A check for a run on this machine. */
    KernelCheck(ProbedNetwork network, Fingerprint here) {
        this.network = network;
        this.here = here;
    }

    /** Opens the cache for a run of these layers. */
    ActivationCache open(Path root, List<String> layers) throws IOException {
        CacheIdentity common = network.forward().identity();
        CacheIdentity ofMachine = ActivationCache.forKernels(common, here);
        if (Files.isDirectory(root.resolve(ofMachine.key()))) {
            return ActivationCache.open(root, ofMachine, here);
        }
        ActivationCache cache = ActivationCache.open(root, common, here);
        Optional<StoredStart> other = Optional.empty();
        boolean done = false;
        try {
            other = firstOfOtherKernels(cache, layers);
            done = true;
        } finally {
            if (!done || other.isPresent()) {
                cache.close();
            }
        }
        if (other.isEmpty()) {
            return cache;
        }
        network.listener()
                .note("the activations in " + other.get().folder() + " are of other kernels of the engine"
                        + whose(other.get()) + ": their first images are not, bit by bit, what this machine gives. They"
                        + " stay as they are, and this run's are computed here and kept in "
                        + root.resolve(ofMachine.key()));
        return ActivationCache.open(root, ofMachine, here);
    }

    private String whose(StoredStart start) {
        return start.origin()
                .map(here::differences)
                .filter(differences -> !differences.isEmpty())
                .map(differences -> " (" + String.join("; ", differences) + ")")
                .orElse("");
    }

    /** First layer for which this machine gives other activations. */
    private Optional<StoredStart> firstOfOtherKernels(ActivationCache cache, List<String> layers) throws IOException {
        List<StoredStart> starts = new ArrayList<>();
        for (String layer : layers) {
            cache.start(layer).ifPresent(starts::add);
        }
        boolean asked = !starts.isEmpty();
        if (!asked) {
            witness(cache).ifPresent(starts::add);
        }
        Optional<StoredStart> refused =
                starts.stream().filter(StoredStart::isRefused).findFirst();
        if (refused.isPresent()) {
            return refused;
        }
        starts.removeIf(StoredStart::isKnown);
        try {
            return starts.isEmpty() ? Optional.empty() : compute(cache, starts);
        } catch (InputException | RunException e) {
            if (asked) {
                throw e;
            }
            // the run does not need that layer, so its failure must not end the run
            return Optional.empty();
        }
    }

    /** A stored layer to compare with if none of the run's layers is stored. */
    private static Optional<StoredStart> witness(ActivationCache cache) throws IOException {
        Optional<StoredStart> unknown = Optional.empty();
        for (String layer : cache.complete()) {
            Optional<StoredStart> start = cache.start(layer);
            if (start.isPresent() && (start.get().isKnown() || start.get().isRefused())) {
                return start;
            }
            unknown = unknown.isPresent() ? unknown : start;
        }
        return unknown;
    }

    /** Runs the network over the first span, and records for each layer whether it gives the same activations. */
    private Optional<StoredStart> compute(ActivationCache cache, List<StoredStart> starts) throws IOException {
        List<String> names = starts.stream().map(StoredStart::layer).toList();
        List<StoredStart> others = new ArrayList<>();
        try (ForwardPass pass = network.load(names, cache.folder())) {
            int images = Math.min(pass.spanImages(), network.forward().imageCount());
            // an interrupted run may have stopped before its first span was complete
            List<StoredStart> compared =
                    starts.stream().filter(start -> start.covers(images)).toList();
            if (compared.isEmpty()) {
                return Optional.empty();
            }
            pass.run(
                    List.of(0),
                    (first, count) -> new CheckSpan(compared, count),
                    (first, checked) -> checked.forEach((start, span) -> {
                        cache.recordKernels(start.layer(), start.isSame(span));
                        if (!start.isSame(span)) {
                            others.add(start);
                        }
                    }),
                    ProgressListener.NONE);
            if (others.isEmpty()) {
                network.listener()
                        .note("the activations in " + cache.folder() + " were computed by another machine"
                                + whose(compared.get(0)) + "; this one gives the first " + images
                                + " images the same, bit by bit");
            }
        }
        return others.stream().findFirst();
    }

    /** Checksums of the first span's activations. */
    private final class CheckSpan implements ForwardPass.Span<Map<StoredStart, SpanWriter.Written>> {
        private final Map<StoredStart, SpanWriter> writers = new LinkedHashMap<>();

        CheckSpan(List<StoredStart> starts, int images) {
            starts.forEach(start -> writers.put(start, start.span(images)));
        }

        @Override
        public void accept(int firstImage, LayerOutputs outputs) throws IOException {
            for (Map.Entry<StoredStart, SpanWriter> entry : writers.entrySet()) {
                LayerOutput output = outputs.layer(entry.getKey().layer());
                entry.getValue()
                        .write(ActivationBlock.computed(
                                firstImage,
                                outputs.images(),
                                output.units(),
                                output.map(),
                                network.forward().precision(),
                                output.values()));
            }
        }

        @Override
        public Map<StoredStart, SpanWriter.Written> end() throws IOException {
            Map<StoredStart, SpanWriter.Written> written = new LinkedHashMap<>();
            for (Map.Entry<StoredStart, SpanWriter> entry : writers.entrySet()) {
                written.put(entry.getKey(), entry.getValue().end());
            }
            return written;
        }
    }
}
