package org.netdissect.align;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.cache.BenchLayer;
import org.netdissect.activation.threshold.SharedScan;
import org.netdissect.activation.threshold.ThresholdSelector;
import org.netdissect.base.Workers;
import org.netdissect.broden.ImageSelection;
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;
import org.netdissect.image.Rasters;

/**
 * Measures each stage alone, warm, on several threads: exact thresholds and alignment of a cached layer with
 * activations in memory and decoded labels, decoding of label planes, and decoding of images. Run by scripts/bench.sh.
 *
 * <p>Arguments: probe set, threads; the property {@value BenchLayer#FOLDER} names the layer's folder in the cache.
 * Prints the median of {@value #ROUNDS} rounds in seconds, after as many to warm up.
 */
final class StagesAlone {
    private static final int ROUNDS = 5;
    private static final BigDecimal TOP_FRACTION = new BigDecimal("0.005");

    private final ProbeSet probe;
    private final int threads;

    private StagesAlone(ProbeSet probe, int threads) {
        this.probe = probe;
        this.threads = threads;
    }

    public static void main(String[] args) throws IOException {
        ProbeSet probe = ProbeSet.open(Path.of(args[0])).select(ImageSelection.ALL);
        new StagesAlone(probe, Integer.parseInt(args[1])).run(BenchLayer.load());
    }

    private void run(BenchLayer layer) throws IOException {
        List<ProbeImage> images = probe.images();
        ImageLabels[] labels = new ImageLabels[images.size()];
        report(
                "labels",
                () -> Workers.run(threads, images.size(), () -> index -> {
                    labels[index] = new ImageLabels(
                            probe.readLabels(images.get(index)),
                            probe.labels(),
                            probe.categories().size(),
                            AlignmentRules.PAPER);
                }));
        report(
                "images",
                () -> Workers.run(threads, images.size(), () -> index -> {
                    ProbeImage image = images.get(index);
                    Rasters.readRgb(probe.imageFile(image), image.imageSize());
                }));
        List<ActivationBlock> blocks = layer.blocks();
        report("thresholds", () -> thresholds(layer, blocks));
        Thresholds thresholds = thresholds(layer, blocks);
        report("alignment", () -> align(layer, blocks, labels, thresholds));
    }

    private Thresholds thresholds(BenchLayer layer, List<ActivationBlock> blocks) throws IOException {
        ThresholdSelector selector = ThresholdSelector.onePass(layer.shape(), TOP_FRACTION, Long.MAX_VALUE)
                .orElseThrow();
        SharedScan scan = new SharedScan(Optional.of(selector), layer.shape());
        Workers.run(threads, blocks.size(), () -> index -> scan.accept(blocks.get(index)));
        selector.endPass();
        return selector.thresholds();
    }

    private void align(BenchLayer layer, List<ActivationBlock> blocks, ImageLabels[] labels, Thresholds thresholds)
            throws IOException {
        MaskRule rule = new MaskRule(thresholds, NodePlacement.HALF_PIXEL, Comparison.ABOVE);
        MaskCounts counts = new MaskCounts(
                layer.shape().units(), probe.labels().size(), probe.categories().size(), ImageParts.WHOLE);
        Alignment.Target target = new Alignment.Target(0, false, rule, List.of(counts));
        Alignment alignment = new Alignment(probe, AlignmentRules.PAPER, List.of(target));
        Workers.run(threads, blocks.size(), () -> {
            BlockAligner aligner = alignment.newAligner();
            return index -> {
                ActivationBlock block = blocks.get(index);
                int first = block.firstImage();
                aligner.begin(first, Arrays.asList(labels).subList(first, first + block.images()));
                aligner.align(0, block);
            };
        });
    }

    private interface Stage {
        void run() throws IOException;
    }

    private static void report(String name, Stage stage) throws IOException {
        double[] seconds = new double[ROUNDS];
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            long start = System.nanoTime();
            stage.run();
            if (round >= 0) {
                seconds[round] = (System.nanoTime() - start) / 1e9;
            }
        }
        Arrays.sort(seconds);
        System.out.printf(Locale.ROOT, "%s %.4f%n", name, seconds[ROUNDS / 2]);
    }
}
