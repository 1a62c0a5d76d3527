package org.netdissect.align;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.netdissect.activation.MapSource;
import org.netdissect.activation.threshold.CandidateMaps;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.Workers;
import org.netdissect.labels.LabelSource;

/**
 * Stage 3: one pass over the masks of some layers, with the labels of their images, which are decoded once for all
 * layers. It feeds any number of {@link MaskConsumer}s, which count, keep or score the masks.
 *
 * <p>Activations come from the cache ({@link #run}) or, block by block, from whoever has them ({@link #newAligner}).
 */
public final class Alignment {
    private final LabelSource probe;
    private final AlignmentRules rules;
    private final List<Target> targets;

    /**
     * One set of masks and its consumers. Several may be made from the same activations, which are read once for all.
     *
     * @param source position of its activations among those that are given; of the same images, in the same order, as
     *     the probe set's
     * @param negated whether masks are of the {@link org.netdissect.activation.Negated} layer
     * @param rule which masks
     * @param consumers of these masks
     */
    public record Target(int source, boolean negated, MaskRule rule, List<MaskConsumer> consumers) {
        /** Copies the list. */
        public Target {
            consumers = List.copyOf(consumers);
        }

        private boolean isHeldBy(CandidateMaps maps) {
            return !negated
                    && maps.hold(rule.thresholds(), rule.comparison()::bound)
                    && (maps.hasGreatest() || consumers.stream().noneMatch(this::needsMapsWithoutMask));
        }

        private boolean needsMapsWithoutMask(MaskConsumer consumer) {
            return IntStream.range(0, rule.thresholds().units())
                    .anyMatch(unit -> consumer.needsAbove(unit, 0) < Float.POSITIVE_INFINITY);
        }
    }

    /** Alignment of these masks with the labels of the probe set. */
    public Alignment(LabelSource probe, AlignmentRules rules, List<Target> targets) {
        this.probe = probe;
        this.rules = rules;
        this.targets = List.copyOf(targets);
    }

    /** An aligner for one more thread. */
    public BlockAligner newAligner() {
        return new BlockAligner(probe, rules, targets);
    }

    /** Whether {@code maps} give every consumer of a source the same as all of the layer's activations. */
    public boolean holds(CandidateMaps maps, int source) {
        return targets.stream().filter(target -> target.source() == source).allMatch(target -> target.isHeldBy(maps));
    }

    /**
     * One pass over maps.
     *
     * @param sources where targets name them; others are not read
     */
    public void run(List<? extends MapSource> sources, int threads, ProgressListener progress) throws IOException {
        int images = probe.count();
        int[] named =
                targets.stream().mapToInt(Target::source).distinct().sorted().toArray();
        int step = Arrays.stream(named)
                .map(source -> sources.get(source).chunkImages())
                .max()
                .orElse(1);
        AtomicLong done = new AtomicLong();
        Workers.run(threads, (images + step - 1) / step, () -> {
            BlockAligner aligner = newAligner();
            ByteBuffer buffer =
                    largestBuffer(Arrays.stream(named).mapToObj(sources::get).toList());
            return task -> {
                int from = task * step;
                int until = Math.min(from + step, images);
                aligner.begin(from, until - from);
                for (int source : named) {
                    MapSource activations = sources.get(source);
                    int chunk = from / activations.chunkImages();
                    for (; chunk < activations.chunks() && activations.firstImage(chunk) < until; chunk++) {
                        aligner.align(source, activations.read(chunk, buffer));
                    }
                }
                progress.progress(done.addAndGet(until - from), images);
            };
        });
    }

    /** One for all sources: their blocks are used one after another. */
    private static ByteBuffer largestBuffer(List<? extends MapSource> sources) {
        ByteBuffer largest = ByteBuffer.allocate(0);
        for (MapSource source : sources) {
            if (source.bufferBytes() > largest.capacity()) {
                largest = source.newBuffer();
            }
        }
        return largest;
    }
}
