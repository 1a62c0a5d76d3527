package org.netdissect.align;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.netdissect.BenchItems;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.cache.BenchLayer;
import org.netdissect.base.GridSize;
import org.netdissect.broden.BenchProbe;
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Masks of a whole layer, counted with decoded label planes on one thread; an item is one mask pixel. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class AlignmentBenchmark {
    private static final int NAIVE_IMAGES = 8;

    private final BenchLayer layer = BenchLayer.load();
    private final Thresholds thresholds = layer.thresholds();
    private final ProbeSet probe = BenchProbe.open();
    private final List<ImageLabels> labels = decoded(probe);

    private static List<ImageLabels> decoded(ProbeSet probe) {
        List<ImageLabels> labels = new ArrayList<>();
        try {
            for (ProbeImage image : probe.images()) {
                labels.add(new ImageLabels(
                        probe.readLabels(image),
                        probe.labels(),
                        probe.categories().size(),
                        AlignmentRules.PAPER));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return labels;
    }

    private ImageLabels labels(int image) {
        // a layer may have more images than this probe set
        return labels.get(image % labels.size());
    }

    private AlignmentCounts newCounts() {
        return new AlignmentCounts(
                layer.shape().units(), probe.labels().size(), probe.categories().size());
    }

    /** Masks only. */
    @Benchmark
    public long mask(BenchItems items) {
        float[] map = new float[layer.shape().map().cells()];
        MaskKernel kernel = new MaskKernel(layer.shape().map(), labels(0).map().size(), NodePlacement.HALF_PIXEL);
        long pixels = 0;
        for (ActivationBlock block : layer.blocks()) {
            for (int image = 0; image < block.images(); image++) {
                for (int unit = 0; unit < block.units(); unit++) {
                    block.read(image, unit, map);
                    pixels += kernel.find(map, thresholds.of(unit));
                }
            }
        }
        items.add(pixels, layer.shape().images());
        return pixels;
    }

    /** Masks and counts, as a worker of {@link Alignment} makes them. */
    @Benchmark
    public AlignmentCounts maskAndCount(BenchItems items) {
        MaskCounts counts = new MaskCounts(
                layer.shape().units(), probe.labels().size(), probe.categories().size(), ImageParts.WHOLE);
        float[] map = new float[layer.shape().map().cells()];
        MaskKernel kernel = new MaskKernel(layer.shape().map(), labels(0).map().size(), NodePlacement.HALF_PIXEL);
        long pixels = 0;
        for (ActivationBlock block : layer.blocks()) {
            for (int image = 0; image < block.images(); image++) {
                int position = block.firstImage() + image;
                MaskConsumer.OfImage taker = counts.begin(position, labels(position));
                for (int unit = 0; unit < block.units(); unit++) {
                    block.read(image, unit, map);
                    int count = kernel.find(map, thresholds.of(unit));
                    if (count > 0) {
                        pixels += count;
                        taker.accept(unit, map, kernel);
                    }
                }
            }
        }
        items.add(pixels, layer.shape().images());
        return counts.all();
    }

    /** For comparison: every pixel of every resized map of the first images, by the definition. */
    @Benchmark
    public AlignmentCounts naive(BenchItems items) {
        AlignmentCounts counts = newCounts();
        float[] map = new float[layer.shape().map().cells()];
        GridSize size = layer.shape().map();
        ActivationBlock block = layer.blocks().get(0);
        int images = Math.min(NAIVE_IMAGES, block.images());
        long pixels = 0;
        for (int image = 0; image < images; image++) {
            ImageLabels imageLabels = labels(image);
            GridSize grid = imageLabels.map().size();
            boolean[] held = held(imageLabels);
            for (int unit = 0; unit < block.units(); unit++) {
                block.read(image, unit, map);
                for (int pixel = 0; pixel < grid.cells(); pixel++) {
                    if (resized(map, size, grid, pixel) > thresholds.of(unit)) {
                        pixels++;
                        count(imageLabels, held, unit, pixel, counts);
                    }
                }
            }
        }
        items.add(pixels, images);
        return counts;
    }

    /** whether the image has a label of each category, [categories] */
    private boolean[] held(ImageLabels labels) {
        boolean[] held = new boolean[probe.categories().size()];
        for (int label : labels.map().imageLabels()) {
            held[probe.labels().primaryCategory(label)] = true;
        }
        for (char[] plane : labels.map().planes()) {
            for (char label : plane) {
                if (label != 0) {
                    held[probe.labels().primaryCategory(label)] = true;
                }
            }
        }
        return held;
    }

    private static void count(ImageLabels labels, boolean[] held, int unit, int pixel, AlignmentCounts counts) {
        for (int category = 0; category < held.length; category++) {
            if (held[category]) {
                counts.addActivation(unit, category, 1);
            }
        }
        for (int label : labels.map().imageLabels()) {
            counts.addIntersect(unit, label, 1);
        }
        for (char[] plane : labels.map().planes()) {
            if (plane[pixel] != 0) {
                counts.addIntersect(unit, plane[pixel], 1);
            }
        }
    }

    private static double resized(float[] map, GridSize size, GridSize grid, int pixel) {
        double v = place(pixel / grid.width(), size.height(), grid.height());
        double u = place(pixel % grid.width(), size.width(), grid.width());
        int upper = ((int) v) * size.width();
        int lower = Math.min((int) v + 1, size.height() - 1) * size.width();
        int left = (int) u;
        int right = Math.min(left + 1, size.width() - 1);
        double top = map[upper + left] + (u - left) * ((double) map[upper + right] - map[upper + left]);
        double bottom = map[lower + left] + (u - left) * ((double) map[lower + right] - map[lower + left]);
        return top + (v - (int) v) * (bottom - top);
    }

    private static double place(int pixel, int nodes, int pixels) {
        return Math.min(Math.max((pixel + 0.5) * nodes / pixels - 0.5, 0), nodes - 1);
    }
}
