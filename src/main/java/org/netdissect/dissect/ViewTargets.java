package org.netdissect.dissect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.threshold.Quantile;
import org.netdissect.align.Alignment;
import org.netdissect.align.AlignmentResult;
import org.netdissect.align.ImageParts;
import org.netdissect.align.MaskCounts;
import org.netdissect.align.MaskRule;
import org.netdissect.align.NodePlacement;
import org.netdissect.align.TopImages;
import org.netdissect.base.Tail;
import org.netdissect.broden.ProbeSet;
import org.netdissect.run.LayerPlacements;
import org.netdissect.run.RunSettings;
import org.netdissect.run.View;
import org.netdissect.run.ViewThresholds;

/**
 * The targets of a run's one alignment: each view of a layer at each top fraction. The activations of a layer are read
 * once for all of its targets. Targets of the sweep alone keep no images and count no splits.
 */
final class ViewTargets {
    private final Inputs inputs;
    private final RunSettings settings;
    private final LayerPlacements placements;
    private final ProbeSet probe;
    private final ImageParts splits;
    private final BaselineStage baseline;
    private final List<ViewTarget> targets = new ArrayList<>();
    private final List<Entry> views = new ArrayList<>();

    /** A view and the position of its first target; those of the further fractions follow. */
    private record Entry(View view, int target, List<ViewThresholds> thresholds) {}

    /**
     * Targets of the run's images, whose splits are counted apart where several were named.
     *
     * @param baseline gets the masks of the views, but for those of the sweep
     */
    ViewTargets(Inputs inputs, BaselineStage baseline) {
        this.inputs = inputs;
        this.settings = inputs.settings();
        this.placements = inputs.placements();
        this.probe = inputs.probe();
        this.splits = settings.splits(probe);
        this.baseline = baseline;
    }

    /** Adds the views of a layer, whose activations are at the place {@code source}. */
    void add(int source, String layer, ActivationShape shape, LayerThresholds thresholds) throws IOException {
        for (Tail tail : settings.tail().tails()) {
            View view = new View(layer, tail);
            int first = targets.size();
            NodePlacement placement = placements.of(layer).placement();
            List<ViewThresholds> found = new ArrayList<>();
            for (Quantile quantile : settings.quantiles(tail)) {
                boolean isMain = found.isEmpty();
                ViewThresholds bounds = thresholds.of(quantile);
                found.add(bounds);
                MaskRule rule =
                        view.rule(bounds, placement, settings.method().rules().comparison());
                targets.add(ViewTarget.of(
                        view,
                        source,
                        shape,
                        rule,
                        newCounts(shape.units(), isMain ? splits : ImageParts.WHOLE),
                        isMain ? inputs.output().newTop(shape.units()) : new TopImages(shape.units(), 0),
                        isMain ? baseline.masks(view.name(), shape.units()) : null));
            }
            views.add(new Entry(view, first, found));
        }
    }

    private MaskCounts newCounts(int units, ImageParts parts) {
        return new MaskCounts(units, probe.labels().size(), probe.categories().size(), parts);
    }

    List<ViewTarget> targets() {
        return targets;
    }

    /** One alignment of all targets. */
    Alignment alignment() {
        return new Alignment(
                probe,
                settings.method().rules(),
                targets.stream().map(ViewTarget::target).toList());
    }

    /** Results by name of the view, in order, once all targets are aligned. */
    Map<String, LayerResult> results(Function<String, LayerResult.Origin> origins) {
        return results(targets.stream().map(ViewTarget::result).toList(), origins);
    }

    /** Results by name of the view, in order, from what was {@code found} for the targets. */
    Map<String, LayerResult> results(List<AlignmentResult> found, Function<String, LayerResult.Origin> origins) {
        Map<String, LayerResult> results = new LinkedHashMap<>();
        for (Entry entry : views) {
            AlignmentResult main = found.get(entry.target());
            List<LayerResult.Swept> sweep = new ArrayList<>();
            for (int i = 1; i < entry.thresholds().size(); i++) {
                sweep.add(new LayerResult.Swept(
                        entry.thresholds().get(i).values(),
                        found.get(entry.target() + i).counts()));
            }
            results.put(
                    entry.view().name(),
                    new LayerResult(
                            entry.view(),
                            targets.get(entry.target()).shape(),
                            entry.thresholds().get(0).values(),
                            main.counts(),
                            main.top(),
                            origins.apply(entry.view().layer()),
                            entry.thresholds().get(0).tied(),
                            splits == ImageParts.WHOLE ? List.of() : main.parts(),
                            sweep));
        }
        return results;
    }
}
