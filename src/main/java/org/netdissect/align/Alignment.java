package org.netdissect.align;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.ActiveMaps;
import org.netdissect.activation.MapSource;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.Tail;
import org.netdissect.base.Workers;
import org.netdissect.labels.LabelSource;

/**
 * Stage 3: the masks of some layers against the labels, which are decoded once for all layers. Counts as section 2.3 of
 * Bau et al. 2017 defines them: |M_k & L_c|, |L_c| and, within images that hold labels of the category, |M_k|.
 *
 * <p>Activations come from the cache ({@link #run}) or, block by block, from whoever has them ({@link #newAligner}).
 */
public final class Alignment {
    private final LabelSource probe;
    private final AlignmentRules rules;
    private final List<Target> targets;
    /** [target][part of the images] */
    private final List<List<AlignmentCounts>> counts = new ArrayList<>();

    /**
     * One set of masks to align. Several may be made from the same activations, which are read once for all of them.
     *
     * @param source position of its activations among those that are given
     * @param shape of its activations, of the same images, in the same order, as the probe set's
     * @param thresholds T_k
     * @param placement where its units lie over the label grid
     * @param top gets the images that activate the units most; of the lower tail those of least activation, negated
     * @param tail whose activations are in the masks: those above T_k, or those below; units of the lower tail whose
     *     T_k is negative infinity have no masks
     * @param parts of the images that are counted apart
     * @param masks gets the masks of the images that it is for, or null
     */
    public record Target(
            int source,
            ActivationShape shape,
            Thresholds thresholds,
            NodePlacement placement,
            TopImages top,
            Tail tail,
            ImageParts parts,
            @Nullable MaskFile masks) {
        /** Masks that are not kept. */
        public Target(
                int source,
                ActivationShape shape,
                Thresholds thresholds,
                NodePlacement placement,
                TopImages top,
                Tail tail,
                ImageParts parts) {
            this(source, shape, thresholds, placement, top, tail, parts, null);
        }

        /** Masks of the upper tail over all images. */
        public Target(
                int source, ActivationShape shape, Thresholds thresholds, NodePlacement placement, TopImages top) {
            this(source, shape, thresholds, placement, top, Tail.UPPER, ImageParts.WHOLE);
        }
    }

    /** Alignment of these masks with the labels of the probe set. */
    public Alignment(LabelSource probe, AlignmentRules rules, List<Target> targets) {
        this.probe = probe;
        this.rules = rules;
        this.targets = List.copyOf(targets);
        for (Target target : targets) {
            List<AlignmentCounts> parts = new ArrayList<>();
            target.parts().names().forEach(part -> parts.add(newCounts(target)));
            counts.add(parts);
        }
    }

    private AlignmentCounts newCounts(Target target) {
        return new AlignmentCounts(
                target.shape().units(),
                probe.labels().size(),
                probe.categories().size());
    }

    /** What was found on all images seen so far, in the order of the targets. */
    public List<AlignmentResult> results() {
        List<AlignmentResult> results = new ArrayList<>();
        for (int target = 0; target < targets.size(); target++) {
            results.add(
                    new AlignmentResult(counts.get(target), targets.get(target).top()));
        }
        return results;
    }

    /** Counts over all images seen so far, in the order of the targets. */
    public List<AlignmentCounts> counts() {
        return results().stream().map(AlignmentResult::counts).toList();
    }

    /** An aligner for one more thread. */
    public BlockAligner newAligner() {
        return new BlockAligner(probe, rules, targets, counts);
    }

    /** Whether {@code maps} give the same masks, of every target of a source, as all of the layer's activations. */
    public boolean holds(ActiveMaps maps, int source) {
        return targets.stream()
                .filter(target -> target.source() == source)
                .allMatch(target ->
                        target.tail() == Tail.UPPER && maps.hold(target.thresholds(), rules.comparison()::bound));
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
