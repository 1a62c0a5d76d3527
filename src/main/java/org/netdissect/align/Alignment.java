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
 * Stage 3: one pass over the masks of some layers and the labels of their images, which are decoded once for all
 * layers. It feeds any number of {@link MaskConsumer}s, which count, keep or score the masks.
 *
 * <p>Activations are read from a {@link MapSource} ({@link #run}) or passed block by block ({@link #newAligner}).
 */
public final class Alignment {
    private final LabelSource probe;
    private final AlignmentRules rules;
    private final List<Target> targets;

    /**
     * One set of masks and its consumers. Several targets may share a source of activations, which is read once.
     *
     * @param source position of the activations in the list of sources; they have the probe set's images in its order
     * @param negated whether masks are of the {@link org.netdissect.activation.Negated} layer
     * @param rule definition of the masks
     * @param consumers consumers of the masks
     */
    public record Target(int source, boolean negated, MaskRule rule, List<MaskConsumer> consumers) {
        /** Copies the list. */
        public Target {
            consumers = List.copyOf(consumers);
        }

        private boolean isCoveredBy(CandidateMaps maps) {
            return !negated
                    && maps.cover(rule.thresholds(), rule.comparison()::bound)
                    && (maps.hasGreatest() || consumers.stream().noneMatch(this::needsMapsWithoutMask));
        }

        private boolean needsMapsWithoutMask(MaskConsumer consumer) {
            return IntStream.range(0, rule.thresholds().units())
                    .anyMatch(unit -> consumer.needsAbove(unit, 0) < Float.POSITIVE_INFINITY);
        }
    }

    /** An alignment of these targets with the labels of the probe set. */
    public Alignment(LabelSource probe, AlignmentRules rules, List<Target> targets) {
        this.probe = probe;
        this.rules = rules;
        this.targets = List.copyOf(targets);
    }

    /** Makes an aligner for one more thread. */
    public BlockAligner newAligner() {
        return new BlockAligner(probe, rules, targets);
    }

    /** Whether the consumers of a source get the same from {@code maps} as from all activations of the layer. */
    public boolean isCoveredBy(CandidateMaps maps, int source) {
        return targets.stream()
                .filter(target -> target.source() == source)
                .allMatch(target -> target.isCoveredBy(maps));
    }

    /**
     * Runs the pass.
     *
     * @param sources sources by position; those that no target names are not read
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

    /** Makes a buffer for all sources, whose blocks are used one after another. */
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
