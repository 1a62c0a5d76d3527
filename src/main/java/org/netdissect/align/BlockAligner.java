package org.netdissect.align;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.base.GridSize;
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;

/**
 * Aligns blocks of activations with the labels of their images, for one thread: {@link #begin} decodes the labels of some
 * images once for all targets, {@link #align} counts the masks of one source on some of them. Aligners of several threads add to
 * the same counts.
 */
public final class BlockAligner {
    private final ProbeSet probe;
    private final AlignmentRules rules;
    private final List<AlignmentCounts> counts;
    /** [source] the masks that are made from it */
    private final List<List<Masks>> masks = new ArrayList<>();

    private final LabelTally tally;
    private List<ImageLabels> labels = List.of();
    private int firstImage;

    BlockAligner(ProbeSet probe, AlignmentRules rules, List<Alignment.Target> targets, List<AlignmentCounts> counts) {
        this.probe = probe;
        this.rules = rules;
        this.counts = counts;
        this.tally = new LabelTally(probe.labels().size());
        for (int i = 0; i < targets.size(); i++) {
            int source = targets.get(i).source();
            while (masks.size() <= source) {
                masks.add(new ArrayList<>());
            }
            masks.get(source).add(new Masks(targets.get(i), rules.comparison(), counts.get(i)));
        }
    }

    /**
     * Takes up the images {@code firstImage .. firstImage + images - 1} of the probe set: decodes their labels and adds
     * their |L_c| to the counts of every target. Each image has to be taken up once in all.
     */
    public void begin(int firstImage, int images) throws IOException {
        List<ImageLabels> decoded = new ArrayList<>();
        for (ProbeImage image : probe.images().subList(firstImage, firstImage + images)) {
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
        for (ImageLabels image : decoded) {
            image.addTruth(tally, counts);
        }
    }

    /**
     * Adds |M_k| and |M_k & L_c| on some of the images taken up, for every target of one source.
     *
     * @param source position of the activations that the block is of
     */
    public void align(int source, ActivationBlock block) {
        List<Masks> targets = masks.get(source);
        float[] map = new float[block.map().cells()];
        for (int image = 0; image < block.images(); image++) {
            int position = block.firstImage() + image;
            ImageLabels imageLabels = labels.get(position - firstImage);
            for (int unit = 0; unit < block.units(); unit++) {
                block.read(image, unit, map);
                for (Masks target : targets) {
                    target.add(position, unit, map, imageLabels);
                }
            }
        }
    }

    /** The masks of one target. */
    private final class Masks {
        private final Alignment.Target target;
        private final Comparison comparison;
        private final AlignmentCounts sums;
        /** Label grids seldom change from one image to the next. */
        private GridSize grid;

        private MaskKernel kernel;

        Masks(Alignment.Target target, Comparison comparison, AlignmentCounts sums) {
            this.target = target;
            this.comparison = comparison;
            this.sums = sums;
            this.grid = target.shape().map();
            this.kernel = kernel();
        }

        private MaskKernel kernel() {
            return new MaskKernel(target.shape().map(), grid, target.placement(), comparison);
        }

        void add(int image, int unit, float[] map, ImageLabels imageLabels) {
            GridSize size = imageLabels.map().size();
            if (!size.equals(grid)) {
                grid = size;
                kernel = kernel();
            }
            int count = kernel.find(map, target.thresholds().of(unit));
            if (count > 0) {
                imageLabels.addMask(unit, kernel.pixels(), count, tally, sums);
            }
            if (target.top().mayEnter(unit, image, map, kernel.limit())) {
                target.top().add(unit, image, map, () -> Mask.of(size, kernel.pixels(), count));
            }
        }
    }
}
