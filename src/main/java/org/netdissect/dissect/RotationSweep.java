package org.netdissect.dissect;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.netdissect.activation.LayerActivations;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.cache.ActivationCache;
import org.netdissect.activation.rotation.Rotation;
import org.netdissect.align.Alignment;
import org.netdissect.align.ImageParts;
import org.netdissect.align.LayerScores;
import org.netdissect.align.MaskCounts;
import org.netdissect.align.MaskRule;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.StageListener;
import org.netdissect.base.Tail;
import org.netdissect.broden.ProbeSet;
import org.netdissect.result.LayerReport;
import org.netdissect.result.RotationPoint;
import org.netdissect.run.LayerPlacements;
import org.netdissect.run.RotationSettings;
import org.netdissect.run.RunSettings;

/**
 * Counts unique detectors while the basis of a layer is rotated step by step: figure 4 of Bau et al. 2017. Reads the
 * cache only.
 */
final class RotationSweep {
    private final Inputs inputs;
    private final RunSettings settings;
    private final ProbedNetwork network;
    private final LayerPlacements placements;

    RotationSweep(Inputs inputs) {
        this.inputs = inputs;
        this.settings = inputs.settings();
        this.network = inputs.network();
        this.placements = inputs.placements();
    }

    /**
     * Points of the curve, by layer, alpha and trial. Each trial repeats the point of alpha 0.
     *
     * @param original reports in the network's basis, of layers in the cache
     */
    List<RotationPoint> run(Path root, List<LayerReport> original) throws IOException {
        List<RotationPoint> points = new ArrayList<>();
        KernelCheck kernels = new KernelCheck(network, network.machine());
        List<String> layers = original.stream().map(LayerReport::layer).toList();
        try (ActivationCache cache = kernels.open(root, layers)) {
            for (LayerReport report : original) {
                try (OpenLayers open = OpenLayers.of(cache, List.of(report.layer()))) {
                    points.addAll(points(report, open.layers().get(0)));
                }
            }
        }
        return points;
    }

    private List<RotationPoint> points(LayerReport original, LayerActivations layer) throws IOException {
        RotationSettings rotation = settings.rotation();
        List<BigDecimal> alphas = rotation.sweep();
        int images = network.forward().imageCount();
        long all = alphas.stream().filter(alpha -> alpha.signum() > 0).count() * rotation.trials() * images;
        List<RotationPoint> points = new ArrayList<>();
        try (StageListener.Stage stage = network.listener().begin("rotations of " + original.layer(), 0, all)) {
            long done = 0;
            for (int trial = 1; trial <= rotation.trials(); trial++) {
                Rotation random = Rotation.random(layer.shape().units(), rotation.seed(trial));
                for (BigDecimal alpha : alphas) {
                    LayerReport report = original;
                    if (alpha.signum() > 0) {
                        long before = done;
                        Basis basis = Basis.rotated(random, alpha, rotation.seed(trial));
                        report = report(original, layer, basis, (now, total) -> stage.progress(before + now, all));
                        done += images;
                    }
                    points.add(RotationPoint.of(report, alpha, trial, rotation.seed(trial)));
                }
            }
        }
        points.sort(Comparator.comparing(RotationPoint::alpha).thenComparing(RotationPoint::trial));
        return points;
    }

    private LayerReport report(LayerReport original, LayerActivations layer, Basis basis, ProgressListener progress)
            throws IOException {
        LayerActivations rotated = basis.of(layer);
        ProbeSet probe = network.probe();
        Thresholds thresholds = Objects.requireNonNull(basis.thresholds(rotated, inputs)
                .get(settings.quantiles(Tail.UPPER).get(0)));
        MaskRule rule = new MaskRule(
                thresholds,
                placements.of(original.layer()).placement(),
                settings.method().rules().comparison());
        MaskCounts counts = new MaskCounts(
                rotated.shape().units(),
                probe.labels().size(),
                probe.categories().size(),
                ImageParts.WHOLE);
        Alignment.Target target = new Alignment.Target(0, false, rule, List.of(counts));
        new Alignment(probe, settings.method().rules(), List.of(target))
                .run(List.of(rotated), network.engine().threads(), progress);
        LayerScores scores = LayerScores.of(
                counts.all(),
                original.labels(),
                thresholds,
                settings.method().rules().zero());
        return original.with(scores, original.iouThreshold());
    }
}
