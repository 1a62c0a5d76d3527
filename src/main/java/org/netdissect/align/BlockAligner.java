package org.netdissect.align;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.GridSize;
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;

/**
 * Aligns blocks of activations with the labels of their images, for one thread: {@link #begin} decodes the labels of some
 * images once for all layers, {@link #align} counts one layer's masks on some of them. Aligners of several threads add to
 * the same counts.
 */
public final class BlockAligner {
    private final ProbeSet probe;
    private final AlignmentRules rules;
    private final List<AlignmentCounts> counts;
    private final List<Thresholds> thresholds = new ArrayList<>();
    private final List<TopImages> tops = new ArrayList<>();
    private final List<Kernels> kernels = new ArrayList<>();
    private final LabelTally tally;
    private List<ImageLabels> labels = List.of();
    private int firstImage;

    BlockAligner(ProbeSet probe, AlignmentRules rules, List<Alignment.Target> targets, List<AlignmentCounts> counts) {
        this.probe = probe;
        this.rules = rules;
        this.counts = counts;
        this.tally = new LabelTally(probe.labels().size());
        for (Alignment.Target target : targets) {
            thresholds.add(target.thresholds());
            tops.add(target.top());
            kernels.add(new Kernels(target, rules.comparison()));
        }
    }

    /**
     * Takes up the images {@code firstImage .. firstImage + images - 1} of the probe set: decodes their labels and adds
     * their |L_c| to the counts of every layer. Each image has to be taken up once in all.
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
     * Adds |M_k| and |M_k & L_c| of one layer on some of the images taken up.
     *
     * @param layer position among the layers
     */
    public void align(int layer, ActivationBlock block) {
        Thresholds bounds = thresholds.get(layer);
        AlignmentCounts sums = counts.get(layer);
        TopImages top = tops.get(layer);
        float[] map = new float[block.map().cells()];
        for (int image = 0; image < block.images(); image++) {
            ImageLabels imageLabels = labels.get(block.firstImage() + image - firstImage);
            MaskKernel kernel = kernels.get(layer).forLabels(imageLabels.map().size());
            for (int unit = 0; unit < block.units(); unit++) {
                block.read(image, unit, map);
                int count = kernel.find(map, bounds.of(unit));
                if (count > 0) {
                    imageLabels.addMask(unit, kernel.pixels(), count, tally, sums);
                }
                if (top.mayEnter(unit, map)) {
                    GridSize grid = imageLabels.map().size();
                    top.add(unit, block.firstImage() + image, map, () -> Mask.of(grid, kernel.pixels(), count));
                }
            }
        }
    }

    /** The kernel of a layer; label grids seldom change from one image to the next. */
    private static final class Kernels {
        private final Alignment.Target target;
        private final Comparison comparison;
        private GridSize labels;
        private MaskKernel kernel;

        Kernels(Alignment.Target target, Comparison comparison) {
            this.target = target;
            this.comparison = comparison;
            this.labels = target.shape().map();
            this.kernel = kernel();
        }

        private MaskKernel kernel() {
            return new MaskKernel(target.shape().map(), labels, target.placement(), comparison);
        }

        MaskKernel forLabels(GridSize size) {
            if (!size.equals(labels)) {
                labels = size;
                kernel = kernel();
            }
            return kernel;
        }
    }
}
