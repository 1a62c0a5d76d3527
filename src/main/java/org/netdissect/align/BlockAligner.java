package org.netdissect.align;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.MapBlock;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.GridSize;
import org.netdissect.base.Tail;
import org.netdissect.labels.LabelSource;

/**
 * Aligns blocks of activations with the labels of their images, for one thread: {@link #begin} decodes the labels of some
 * images once for all targets, {@link #align} counts the masks of one source on some of them. Aligners of several threads add to
 * the same counts.
 */
public final class BlockAligner {
    private final LabelSource probe;
    private final AlignmentRules rules;
    /** every target's, in their order */
    private final List<Masks> all = new ArrayList<>();
    /** [source] the masks that are made from it */
    private final List<Map<Tail, List<Masks>>> masks = new ArrayList<>();

    private final LabelTally tally;
    private List<ImageLabels> labels = List.of();
    private int firstImage;

    /** {@code counts} are [target][part of the images]. */
    BlockAligner(
            LabelSource probe,
            AlignmentRules rules,
            List<Alignment.Target> targets,
            List<List<AlignmentCounts>> counts) {
        this.probe = probe;
        this.rules = rules;
        this.tally = new LabelTally(probe.labels().size());
        for (int i = 0; i < targets.size(); i++) {
            Alignment.Target target = targets.get(i);
            while (masks.size() <= target.source()) {
                masks.add(Map.of(Tail.UPPER, new ArrayList<>(), Tail.LOWER, new ArrayList<>()));
            }
            Masks own = new Masks(target, rules.comparison(), counts.get(i));
            all.add(own);
            of(target.source(), target.tail()).add(own);
        }
    }

    /**
     * Takes up the images {@code firstImage .. firstImage + images - 1} of the probe set: decodes their labels and adds
     * their |L_c| to the counts of every target. Each image has to be taken up once in all.
     */
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

    /** As {@link #begin(int, int)}, with labels that are decoded already. */
    void begin(int firstImage, List<ImageLabels> decoded) {
        this.firstImage = firstImage;
        labels = decoded;
        for (int i = 0; i < decoded.size(); i++) {
            int image = firstImage + i;
            decoded.get(i)
                    .addTruth(tally, all.stream().map(own -> own.sums(image)).toList());
        }
    }

    private List<Masks> of(int source, Tail tail) {
        return Objects.requireNonNull(masks.get(source).get(tail));
    }

    /**
     * Adds |M_k| and |M_k & L_c| on some of the images taken up, for every target of one source.
     *
     * @param source position of the maps that the block is of
     */
    public void align(int source, MapBlock block) throws IOException {
        List<Masks> upper = of(source, Tail.UPPER);
        List<Masks> lower = of(source, Tail.LOWER);
        float[] map = new float[block.map().cells()];
        for (int image = 0; image < block.images(); image++) {
            int position = block.firstImage() + image;
            ImageLabels imageLabels = labels.get(position - firstImage);
            for (int unit = 0; unit < block.units(); unit++) {
                if (lower.isEmpty() && isPassedOver(upper, position, unit, block.limit(image, unit))) {
                    continue;
                }
                block.read(image, unit, map);
                for (Masks target : upper) {
                    target.add(position, unit, map, imageLabels);
                }
                if (!lower.isEmpty()) {
                    negate(map);
                    for (Masks target : lower) {
                        target.add(position, unit, map, imageLabels);
                    }
                }
            }
            for (List<Masks> targets : List.of(upper, lower)) {
                for (Masks target : targets) {
                    target.end(position, imageLabels);
                }
            }
        }
    }

    /** Whether a map with no value above {@code limit} has no mask and is none of a unit's best. */
    private static boolean isPassedOver(List<Masks> targets, int image, int unit, float limit) {
        for (Masks target : targets) {
            if (limit > target.bound(unit) || target.target.top().mayEnter(unit, image, limit)) {
                return false;
            }
        }
        return true;
    }

    private static void negate(float[] map) {
        for (int i = 0; i < map.length; i++) {
            map[i] = -map[i];
        }
    }

    /** The masks of one target; of the lower tail they are those of the negated map and threshold. */
    private final class Masks {
        private final Alignment.Target target;
        private final Comparison comparison;
        private final Thresholds thresholds;
        /** [part of the images] */
        private final List<AlignmentCounts> sums;

        private final @Nullable MaskEncoder encoder;
        /** Label grids seldom change from one image to the next. */
        private GridSize grid;

        private MaskKernel kernel;

        Masks(Alignment.Target target, Comparison comparison, List<AlignmentCounts> sums) {
            this.target = target;
            this.thresholds = target.tail() == Tail.UPPER
                    ? target.thresholds()
                    : target.thresholds().negated();
            this.comparison = comparison;
            this.sums = sums;
            this.encoder = target.masks() == null ? null : new MaskEncoder(target.masks());
            this.grid = target.shape().map();
            this.kernel = kernel();
        }

        private MaskKernel kernel() {
            return new MaskKernel(target.shape().map(), grid, target.placement(), comparison);
        }

        /** The greatest value that is in no mask of the unit. */
        float bound(int unit) {
            return comparison.bound(thresholds.of(unit));
        }

        AlignmentCounts sums(int image) {
            return sums.get(target.parts().of(image));
        }

        void add(int image, int unit, float[] map, ImageLabels imageLabels) {
            GridSize size = imageLabels.map().size();
            if (!size.equals(grid)) {
                grid = size;
                kernel = kernel();
            }
            int count = kernel.find(map, thresholds.of(unit));
            if (count > 0) {
                imageLabels.addMask(unit, kernel.pixels(), count, tally, sums(image));
                if (encoder != null && takes(image)) {
                    encoder.add(unit, kernel.pixels(), count);
                }
            }
            if (target.top().mayEnter(unit, image, map, kernel.limit())) {
                target.top().add(unit, image, map, () -> Mask.of(size, kernel.pixels(), count));
            }
        }

        private boolean takes(int image) {
            return target.masks() != null && target.masks().takes(image);
        }

        /** Ends an image. */
        void end(int image, ImageLabels imageLabels) throws IOException {
            if (encoder != null && target.masks() != null && takes(image)) {
                target.masks().setHeld(image, imageLabels.held());
                encoder.end(image);
            }
        }
    }
}
