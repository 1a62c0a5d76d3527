package org.netdissect.align;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.CachedLayer;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.GridSize;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.Workers;
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;

/**
 * Stage 3: one pass over the cached activations of some layers and over the labels, which are decoded once for all
 * layers. Counts as section 2.3 of Bau et al. 2017 defines them: |M_k & L_c|, |L_c| and, within images that hold labels
 * of the category, |M_k|.
 */
public final class Alignment {
    private final ProbeSet probe;
    private final Interpolation interpolation;
    private final int threads;

    /** Alignment against these labels. */
    public Alignment(ProbeSet probe, Interpolation interpolation, int threads) {
        this.probe = probe;
        this.interpolation = interpolation;
        this.threads = threads;
    }

    /**
     * One layer to align.
     *
     * @param activations of the same images, in the same order, as the probe set's
     * @param thresholds T_k
     * @param top gets the images that activate the units most
     */
    public record Layer(CachedLayer activations, Thresholds thresholds, TopImages top) {}

    /** Counts over all images, in the order of {@code layers}. */
    public List<AlignmentCounts> run(List<Layer> layers, ProgressListener progress) throws IOException {
        List<ProbeImage> images = probe.images();
        List<AlignmentCounts> counts = new ArrayList<>();
        int step = 1;
        for (Layer layer : layers) {
            counts.add(new AlignmentCounts(
                    layer.activations().shape().units(),
                    probe.labels().size(),
                    probe.categories().size()));
            step = Math.max(step, layer.activations().chunkImages());
        }
        int imagesPerTask = step;
        AtomicLong done = new AtomicLong();
        Workers.run(threads, (images.size() + step - 1) / step, () -> {
            Worker worker = new Worker(layers, counts);
            return task -> {
                int from = task * imagesPerTask;
                int to = Math.min(from + imagesPerTask, images.size());
                worker.align(images.subList(from, to), from);
                progress.progress(done.addAndGet(to - from), images.size());
            };
        });
        return counts;
    }

    /** One thread's buffers. */
    private final class Worker {
        private final List<Layer> layers;
        private final List<AlignmentCounts> counts;
        private final ByteBuffer buffer;
        private final List<Kernels> kernels = new ArrayList<>();
        private final LabelTally tally = new LabelTally(probe.labels().size());

        Worker(List<Layer> layers, List<AlignmentCounts> counts) {
            this.layers = layers;
            this.counts = counts;
            ByteBuffer largest = ByteBuffer.allocate(0);
            for (Layer layer : layers) {
                // one for all layers: their blocks are used one after another
                if (layer.activations().chunkBytes() > largest.capacity()) {
                    largest = layer.activations().newBuffer();
                }
                kernels.add(new Kernels(layer.activations().shape().map(), interpolation));
            }
            this.buffer = largest;
        }

        void align(List<ProbeImage> images, int firstImage) throws IOException {
            List<ImageLabels> labels = new ArrayList<>();
            for (ProbeImage image : images) {
                ImageLabels decoded = new ImageLabels(
                        probe.readLabels(image),
                        probe.labels(),
                        probe.categories().size());
                decoded.addTruth(tally, counts);
                labels.add(decoded);
            }
            for (int layer = 0; layer < layers.size(); layer++) {
                CachedLayer activations = layers.get(layer).activations();
                int chunk = firstImage / activations.chunkImages();
                int until = firstImage + images.size();
                for (; chunk < activations.chunks() && activations.firstImage(chunk) < until; chunk++) {
                    align(layer, activations.read(chunk, buffer), labels, firstImage);
                }
            }
        }

        private void align(int layer, ActivationBlock block, List<ImageLabels> labels, int firstImage) {
            Thresholds thresholds = layers.get(layer).thresholds();
            TopImages top = layers.get(layer).top();
            float[] map = new float[block.map().cells()];
            for (int image = 0; image < block.images(); image++) {
                ImageLabels imageLabels = labels.get(block.firstImage() + image - firstImage);
                MaskKernel kernel =
                        kernels.get(layer).forLabels(imageLabels.map().size());
                for (int unit = 0; unit < block.units(); unit++) {
                    block.read(image, unit, map);
                    int count = kernel.find(map, thresholds.of(unit));
                    if (count > 0) {
                        imageLabels.addMask(unit, kernel.pixels(), count, tally, counts.get(layer));
                    }
                    if (top.mayEnter(unit, map)) {
                        GridSize grid = imageLabels.map().size();
                        top.add(unit, block.firstImage() + image, map, () -> Mask.of(grid, kernel.pixels(), count));
                    }
                }
            }
        }
    }

    /** The kernel of a layer; label grids seldom change from one image to the next. */
    private static final class Kernels {
        private final GridSize map;
        private final Interpolation interpolation;
        private GridSize labels;
        private MaskKernel kernel;

        Kernels(GridSize map, Interpolation interpolation) {
            this.map = map;
            this.interpolation = interpolation;
            this.labels = map;
            this.kernel = new MaskKernel(map, labels, interpolation);
        }

        MaskKernel forLabels(GridSize size) {
            if (!size.equals(labels)) {
                labels = size;
                kernel = new MaskKernel(map, labels, interpolation);
            }
            return kernel;
        }
    }
}
