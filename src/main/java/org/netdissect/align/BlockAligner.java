package org.netdissect.align;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.MapBlock;
import org.netdissect.activation.Negated;
import org.netdissect.base.GridSize;
import org.netdissect.labels.LabelSource;

/**
 * Aligns blocks of activations with the labels of their images, on one thread: {@link #begin} decodes the labels of
 * some images once for all targets, {@link #align} finds the masks of one source on these images. Aligners of several
 * threads feed the same consumers.
 */
public final class BlockAligner {
    private final LabelSource probe;
    private final AlignmentRules rules;
    private final List<TargetMasks> targets;
    private List<ImageLabels> labels = List.of();
    private int firstImage;

    BlockAligner(LabelSource probe, AlignmentRules rules, List<Alignment.Target> targets) {
        this.probe = probe;
        this.rules = rules;
        this.targets = targets.stream().map(TargetMasks::new).toList();
    }

    /** Decodes the labels of the images {@code firstImage .. firstImage + images - 1} of the probe set. */
    public void begin(int firstImage, int images) throws IOException {
        List<ImageLabels> decoded = new ArrayList<>();
        for (int image = firstImage; image < firstImage + images; image++) {
            decoded.add(new ImageLabels(
                    probe.readLabels(image, rules.reading()),
                    probe.labels(),
                    probe.categories().size(),
                    rules));
        }
        begin(firstImage, decoded);
    }

    /** Begins the images {@code firstImage ..} with decoded labels. */
    void begin(int firstImage, List<ImageLabels> decoded) {
        this.firstImage = firstImage;
        this.labels = decoded;
    }

    /**
     * Finds the masks of every target of one source on a block's images, whose labels must be decoded, and feeds them
     * to the consumers. Each image of a source must be aligned exactly once.
     *
     * @param source position of the source that the block is from
     */
    public void align(int source, MapBlock block) throws IOException {
        align(of(source, false), block);
        align(of(source, true), Negated.of(block));
    }

    private List<TargetMasks> of(int source, boolean negated) {
        return targets.stream().filter(each -> each.isOf(source, negated)).toList();
    }

    private void align(List<TargetMasks> targets, MapBlock block) throws IOException {
        if (targets.isEmpty()) {
            return;
        }
        float[] map = new float[block.map().cells()];
        for (int i = 0; i < block.images(); i++) {
            int image = block.firstImage() + i;
            List<ImageMasker> maskers = new ArrayList<>();
            for (TargetMasks target : targets) {
                maskers.add(target.begin(image, labels.get(image - firstImage), block.map()));
            }
            for (int unit = 0; unit < block.units(); unit++) {
                if (isNeeded(maskers, unit, block.limit(i, unit))) {
                    block.read(i, unit, map);
                    for (ImageMasker masker : maskers) {
                        masker.add(unit, map);
                    }
                }
            }
            for (ImageMasker masker : maskers) {
                masker.end();
            }
        }
    }

    /** Whether a map with no value above {@code limit} may have a mask or be needed without one. */
    private static boolean isNeeded(List<ImageMasker> maskers, int unit, float limit) {
        for (ImageMasker masker : maskers) {
            if (masker.needs(unit, limit)) {
                return true;
            }
        }
        return false;
    }

    /** One target on this thread. */
    private static final class TargetMasks {
        private final Alignment.Target target;
        /** kernel of the last image; label grids seldom change from one image to the next */
        private @Nullable MaskKernel kernel;

        TargetMasks(Alignment.Target target) {
            this.target = target;
        }

        boolean isOf(int source, boolean negated) {
            return target.source() == source && target.negated() == negated;
        }

        ImageMasker begin(int image, ImageLabels labels, GridSize map) {
            MaskConsumer.OfImage[] takers = target.consumers().stream()
                    .map(consumer -> consumer.begin(image, labels))
                    .toArray(MaskConsumer.OfImage[]::new);
            return new ImageMasker(target, image, kernel(map, labels.map().size()), takers);
        }

        private MaskKernel kernel(GridSize map, GridSize grid) {
            MaskKernel found = kernel;
            if (found == null || !found.grid().equals(grid)) {
                found = new MaskKernel(
                        map, grid, target.rule().placement(), target.rule().comparison());
                kernel = found;
            }
            return found;
        }
    }

    /** Finds the masks of one target on one image and passes them to its consumers. */
    private static final class ImageMasker {
        private final MaskRule rule;
        private final int image;
        private final MaskKernel kernel;
        private final MaskConsumer[] consumers;
        /** [consumers] */
        private final MaskConsumer.OfImage[] takers;

        ImageMasker(Alignment.Target target, int image, MaskKernel kernel, MaskConsumer.OfImage[] takers) {
            this.rule = target.rule();
            this.image = image;
            this.kernel = kernel;
            this.consumers = target.consumers().toArray(MaskConsumer[]::new);
            this.takers = takers;
        }

        boolean needs(int unit, float limit) {
            if (limit > rule.bound(unit)) {
                return true;
            }
            for (MaskConsumer consumer : consumers) {
                if (limit > consumer.needsAbove(unit, image)) {
                    return true;
                }
            }
            return false;
        }

        void add(int unit, float[] map) {
            int count = kernel.find(map, rule.thresholds().of(unit));
            for (int i = 0; i < takers.length; i++) {
                if (count > 0 || kernel.limit() > consumers[i].needsAbove(unit, image)) {
                    takers[i].accept(unit, map, kernel);
                }
            }
        }

        void end() throws IOException {
            for (MaskConsumer.OfImage taker : takers) {
                taker.end();
            }
        }
    }
}
