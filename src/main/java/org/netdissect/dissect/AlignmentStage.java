package org.netdissect.dissect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.LayerActivations;
import org.netdissect.activation.MapSource;
import org.netdissect.activation.cache.CachedLayer;
import org.netdissect.activation.threshold.CandidateMaps;
import org.netdissect.align.Alignment;
import org.netdissect.align.AlignmentCodec;
import org.netdissect.align.AlignmentKey;
import org.netdissect.align.AlignmentResult;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.MaskFile;
import org.netdissect.base.StageListener;
import org.netdissect.base.Workers;
import org.netdissect.broden.ProbeSet;

/**
 * Stage 3 for activations in the cache. Results of an earlier run with the same masks and labels are read from there;
 * the other targets are aligned together, and their results are stored.
 *
 * <p>Results in a rotated basis are not stored, nor those of runs that need the masks of all images. If the baseline
 * needs the masks of a sample, a result is used only together with the baseline's stored draws.
 */
final class AlignmentStage {
    static final String NAME = "alignment";

    private final ProbeSet probe;
    private final AlignmentRules rules;
    private final int threads;
    private final StageListener listener;
    private final BaselineStage baseline;
    /** digest, computed on first use; empty if a label file cannot be read, an error that alignment reports */
    private @Nullable String labels;

    AlignmentStage(ProbeSet probe, AlignmentRules rules, int threads, StageListener listener, BaselineStage baseline) {
        this.probe = probe;
        this.rules = rules;
        this.threads = threads;
        this.listener = listener;
        this.baseline = baseline;
    }

    /** The result of a target in the cache. */
    private record StoredResult(CachedLayer layer, String key) {}

    private static final class Task {
        private final ViewTargets.Target target;
        private final @Nullable StoredResult stored;
        /** counts and top images from the cache */
        private @Nullable AlignmentResult kept;

        private @Nullable AlignmentResult result;

        Task(ViewTargets.Target target, @Nullable StoredResult stored) {
            this.target = target;
            this.stored = stored;
        }

        AlignmentResult result() {
            return Objects.requireNonNull(result);
        }

        int images() {
            return target.result().top().most();
        }

        int leastImages() {
            return target.result().least().most();
        }
    }

    /**
     * Aligns some targets. Results are in the order of the targets.
     *
     * @param sources layers, at the positions that the targets refer to
     * @param candidates candidates of a layer in memory, by its name
     */
    List<AlignmentResult> run(
            List<ViewTargets.Target> targets,
            List<LayerActivations> sources,
            Function<String, Optional<CandidateMaps>> candidates)
            throws IOException {
        List<Task> tasks = tasks(targets, sources);
        Workers.run(threads, tasks.size(), () -> i -> read(tasks.get(i)));
        List<Task> missing = tasks.stream().filter(task -> task.result == null).toList();
        if (!missing.isEmpty()) {
            align(missing, sources, candidates);
            store(missing);
        }
        return tasks.stream().map(Task::result).toList();
    }

    private List<Task> tasks(List<ViewTargets.Target> targets, List<LayerActivations> sources) {
        Map<CachedLayer, String> digests = new HashMap<>();
        List<Task> tasks = new ArrayList<>();
        for (ViewTargets.Target target : targets) {
            StoredResult stored = null;
            if ((target.masks() == null || baseline.storesDraws())
                    && sources.get(target.target().source()) instanceof CachedLayer layer
                    && !labels().isEmpty()) {
                String digest = digests.computeIfAbsent(layer, CachedLayer::digest);
                String key = AlignmentKey.of(target.target(), target.shape(), target.parts(), rules, digest, labels());
                stored = new StoredResult(layer, key);
            }
            tasks.add(new Task(target, stored));
        }
        return tasks;
    }

    private String labels() {
        if (labels == null) {
            try {
                labels = probe.labelsDigest(threads);
            } catch (IOException e) {
                labels = "";
            }
        }
        return labels;
    }

    private void read(Task task) {
        StoredResult stored = task.stored;
        if (stored == null) {
            return;
        }
        MaskFile masks = task.target.masks();
        if (masks != null && !baseline.read(masks, stored.layer(), stored.key())) {
            return;
        }
        AlignmentCodec codec = codec(task.target);
        AlignmentResult kept = read(stored.layer(), stored.key(), bytes -> codec.decode(bytes, task.images()))
                .orElse(null);
        task.kept = kept;
        if (kept == null || task.leastImages() == 0) {
            task.result = kept;
            return;
        }
        task.result = read(
                        stored.layer(),
                        AlignmentKey.least(stored.key()),
                        bytes -> codec.decodeLeast(bytes, task.leastImages()))
                .map(least -> new AlignmentResult(kept.parts(), kept.top(), least))
                .orElse(null);
    }

    /** Decodes a file of the cache. */
    @FunctionalInterface
    private interface Decoder<T> {
        Optional<T> decode(ByteBuffer bytes) throws DataFormatException;
    }

    private <T> Optional<T> read(CachedLayer layer, String key, Decoder<T> decoder) {
        try {
            Optional<ByteBuffer> bytes = layer.alignments().read(key);
            return bytes.isPresent() ? decoder.decode(bytes.get()) : Optional.empty();
        } catch (IOException | DataFormatException e) {
            listener.note(layer.alignments().file(key) + " cannot be used (" + e.getMessage() + "); aligning again");
            return Optional.empty();
        }
    }

    private AlignmentCodec codec(ViewTargets.Target target) {
        return AlignmentCodec.of(target.shape().units(), target.parts(), probe);
    }

    private void align(
            List<Task> tasks, List<LayerActivations> sources, Function<String, Optional<CandidateMaps>> candidates)
            throws IOException {
        Alignment alignment = new Alignment(
                probe, rules, tasks.stream().map(task -> task.target.target()).toList());
        List<MapSource> maps = new ArrayList<>();
        for (LayerActivations source : sources) {
            int position = maps.size();
            maps.add(candidates
                    .apply(source.layer())
                    .filter(layer -> alignment.isCoveredBy(layer, position))
                    .map(layer -> layer.withFirstImages(source))
                    .orElse(source));
        }
        try (StageListener.Stage stage = listener.begin(NAME, 0, probe.images().size())) {
            alignment.run(maps, threads, stage);
        }
        tasks.forEach(task -> task.result = task.target.result());
    }

    /** Results that differ only in their number of top images share a file: the one with most is written last. */
    private void store(List<Task> tasks) {
        List<Task> order = new ArrayList<>(tasks);
        order.sort(Comparator.comparing(Task::images));
        try {
            for (Task task : order) {
                StoredResult stored = task.stored;
                if (stored == null) {
                    continue;
                }
                AlignmentCodec codec = codec(task.target);
                if (task.kept == null) {
                    stored.layer().alignments().write(stored.key(), codec.encode(task.result()));
                }
                if (task.leastImages() > 0) {
                    stored.layer()
                            .alignments()
                            .write(
                                    AlignmentKey.least(stored.key()),
                                    codec.encode(task.result().least()));
                }
            }
        } catch (IOException e) {
            listener.note("the results of the alignment cannot be stored in the cache (" + e.getMessage()
                    + "); another run aligns again");
        }
    }
}
