package org.netdissect.dissect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.align.Alignment;
import org.netdissect.align.AlignmentResult;
import org.netdissect.align.ImageParts;
import org.netdissect.align.LeastImages;
import org.netdissect.align.MaskConsumer;
import org.netdissect.align.MaskCounts;
import org.netdissect.align.MaskFile;
import org.netdissect.align.MaskRule;
import org.netdissect.align.TopImages;
import org.netdissect.base.Tail;
import org.netdissect.broden.ProbeSet;
import org.netdissect.run.RunSettings;
import org.netdissect.run.View;
import org.netdissect.run.ViewThresholds;

/**
 * Targets of a run's alignment: each view of a layer at each top fraction. The activations of a layer are read once for
 * all its targets. Targets of a sweep's further fractions keep no images and no counts by split.
 */
final class ViewTargets {
    private final Inputs inputs;
    private final RunSettings settings;
    private final ProbeSet probe;
    private final ImageParts splits;
    private final BaselineStage baseline;
    private final List<Target> targets = new ArrayList<>();
    private final List<Entry> views = new ArrayList<>();

    /**
     * The masks of a view at one quantile.
     *
     * @param shape of the layer's activations
     * @param target of the alignment; its consumers are the parts of the result, and the file
     * @param parts of the images that are counted separately
     * @param result complete once the target is aligned
     * @param masks file of the masks for the baseline, or null
     */
    record Target(
            ActivationShape shape,
            Alignment.Target target,
            ImageParts parts,
            AlignmentResult result,
            @Nullable MaskFile masks) {}

    /** A view and the position of its first target; the targets of its further fractions follow. */
    private record Entry(View view, int target, List<ViewThresholds> thresholds) {}

    /**
     * No targets yet.
     *
     * @param baseline gets the masks of each view at the top fraction of the tables
     */
    ViewTargets(Inputs inputs, BaselineStage baseline) {
        this.inputs = inputs;
        this.settings = inputs.settings();
        this.probe = inputs.probe();
        this.splits = settings.splits(probe);
        this.baseline = baseline;
    }

    /**
     * Adds the views of a layer.
     *
     * @param source position of the layer's activations among those of the alignment
     * @param thresholds by quantile: those of {@link RunSettings#quantilesNeeded}
     */
    void add(int source, String layer, ActivationShape shape, Map<Quantile, Thresholds> thresholds) throws IOException {
        Thresholds given = inputs.given(shape.units()).orElse(null);
        for (Tail tail : settings.tail().tails()) {
            View view = new View(layer, tail);
            int first = targets.size();
            List<ViewThresholds> ofView = new ArrayList<>();
            for (Quantile quantile : settings.quantiles(tail)) {
                ViewThresholds bounds = ViewThresholds.of(quantile, thresholds, given);
                targets.add(target(source, view, shape, bounds, ofView.isEmpty()));
                ofView.add(bounds);
            }
            views.add(new Entry(view, first, ofView));
        }
    }

    private Target target(int source, View view, ActivationShape shape, ViewThresholds thresholds, boolean isMain)
            throws IOException {
        int units = shape.units();
        MaskCounts counts = new MaskCounts(
                units, probe.labels().size(), probe.categories().size(), isMain ? splits : ImageParts.WHOLE);
        TopImages top = isMain ? inputs.output().newTop(units) : new TopImages(units, 0);
        LeastImages least = isMain ? inputs.output().newLeast(units) : new LeastImages(units, 0);
        MaskFile masks = isMain ? baseline.masks(view.name(), units) : null;
        List<MaskConsumer> consumers = new ArrayList<>(List.of(counts));
        if (top.most() > 0) {
            consumers.add(top);
        }
        if (least.most() > 0) {
            consumers.add(least);
        }
        if (masks != null) {
            consumers.add(masks);
        }
        MaskRule rule = view.rule(
                thresholds,
                inputs.placements().of(view.layer()).placement(),
                settings.method().rules().comparison());
        return new Target(
                shape,
                new Alignment.Target(source, view.isNegated(), rule, consumers),
                counts.images(),
                new AlignmentResult(counts.parts(), top, least),
                masks);
    }

    List<Target> targets() {
        return targets;
    }

    /** One alignment of all targets. */
    Alignment alignment() {
        return new Alignment(
                probe,
                settings.method().rules(),
                targets.stream().map(Target::target).toList());
    }

    /** Results by name of the view, in order, once all targets are aligned. */
    Map<String, LayerResult> results(Function<String, LayerResult.Origin> origins) {
        return results(targets.stream().map(Target::result).toList(), origins);
    }

    /**
     * Results by name of the view, in order.
     *
     * @param aligned result of each target
     * @param origins origin of a layer's activations, by its name
     */
    Map<String, LayerResult> results(List<AlignmentResult> aligned, Function<String, LayerResult.Origin> origins) {
        Map<String, LayerResult> results = new LinkedHashMap<>();
        for (Entry entry : views) {
            AlignmentResult main = aligned.get(entry.target());
            List<LayerResult.Swept> sweep = new ArrayList<>();
            for (int i = 1; i < entry.thresholds().size(); i++) {
                sweep.add(new LayerResult.Swept(
                        entry.thresholds().get(i).values(),
                        aligned.get(entry.target() + i).counts()));
            }
            results.put(
                    entry.view().name(),
                    new LayerResult(
                            entry.view(),
                            targets.get(entry.target()).shape(),
                            entry.thresholds().get(0).values(),
                            main.counts(),
                            main.top(),
                            main.least(),
                            origins.apply(entry.view().layer()),
                            entry.thresholds().get(0).tied(),
                            splits == ImageParts.WHOLE ? List.of() : main.parts(),
                            sweep));
        }
        return results;
    }
}
