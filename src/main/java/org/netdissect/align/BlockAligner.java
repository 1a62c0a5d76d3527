package org.netdissect.align;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
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
    private final List<AlignmentCounts> counts;
    private final List<Thresholds> thresholds = new ArrayList<>();
    private final List<Kernels> kernels = new ArrayList<>();
    private final LabelTally tally;
    private final List<ImageLabels> labels = new ArrayList<>();
    private int firstImage;

    BlockAligner(ProbeSet probe, List<Alignment.Target> targets, List<AlignmentCounts> counts) {
        this.probe = probe;
        this.counts = counts;
        this.tally = new LabelTally(probe.labels().size());
        for (Alignment.Target target : targets) {
            thresholds.add(target.thresholds());
            kernels.add(new Kernels(target.shape(), target.placement()));
        }
    }

    /**
     * Takes up the images {@code firstImage .. firstImage + images - 1} of the probe set: decodes their labels and adds
     * their |L_c| to the counts of every layer. Each image has to be taken up once in all.
     */
    public void begin(int firstImage, int images) throws IOException {
        this.firstImage = firstImage;
        labels.clear();
        for (ProbeImage image : probe.images().subList(firstImage, firstImage + images)) {
            ImageLabels decoded = new ImageLabels(
                    probe.readLabels(image), probe.labels(), probe.categories().size());
            decoded.addTruth(tally, counts);
            labels.add(decoded);
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
            }
        }
    }

    /** The kernel of a layer; label grids seldom change from one image to the next. */
    private static final class Kernels {
        private final GridSize map;
        private final NodePlacement placement;
        private GridSize labels;
        private MaskKernel kernel;

        Kernels(ActivationShape shape, NodePlacement placement) {
            this.map = shape.map();
            this.placement = placement;
            this.labels = map;
            this.kernel = new MaskKernel(map, labels, placement);
        }

        MaskKernel forLabels(GridSize size) {
            if (!size.equals(labels)) {
                labels = size;
                kernel = new MaskKernel(map, labels, placement);
            }
            return kernel;
        }
    }
}
