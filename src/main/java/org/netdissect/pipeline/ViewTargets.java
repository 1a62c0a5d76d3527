package org.netdissect.pipeline;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Thresholds;
import org.netdissect.align.Alignment;
import org.netdissect.align.AlignmentResult;
import org.netdissect.align.ImageParts;
import org.netdissect.align.TopImages;
import org.netdissect.base.Tail;

/**
 * The targets of a run's one alignment: each view of a layer at each top fraction, all of a layer reading its activations
 * together. Targets that are for the sweep alone keep no images and count no splits.
 */
final class ViewTargets {
    private final Inputs inputs;
    private final RunSettings settings;
    private final LayerPlacements placements;
    private final ImageParts splits;
    private final Baseline baseline;
    private final List<Alignment.Target> targets = new ArrayList<>();
    private final List<Of> views = new ArrayList<>();

    /** A view and the place of its first target; those of the further fractions follow. */
    private record Of(View view, int target, List<Thresholds> thresholds, int tied) {}

    /**
     * Targets of the run's images, whose splits are counted apart where several were named.
     *
     * @param baseline gets the masks of the views, but for those of the sweep
     */
    ViewTargets(Inputs inputs, Baseline baseline) {
        this.inputs = inputs;
        this.settings = inputs.settings();
        this.placements = inputs.placements();
        this.splits = settings.splits(inputs.probe());
        this.baseline = baseline;
    }

    /** Adds the views of a layer, whose activations are at the place {@code source}. */
    void add(int source, String layer, ActivationShape shape, LayerThresholds thresholds) throws IOException {
        for (Tail tail : settings.tail().tails()) {
            View view = new View(layer, tail);
            int first = targets.size();
            List<Thresholds> found = new ArrayList<>();
            for (BigDecimal fraction : settings.sweep().topFractions()) {
                Thresholds own = thresholds.of(tail, settings.fractionBeyond(fraction));
                boolean isMain = found.isEmpty();
                found.add(own);
                targets.add(new Alignment.Target(
                        source,
                        shape,
                        thresholds.marking(tail, own),
                        placements.of(layer).placement(),
                        isMain ? inputs.output().newTop(shape.units()) : new TopImages(shape.units(), 0),
                        tail,
                        isMain ? splits : ImageParts.WHOLE,
                        isMain ? baseline.masks(view.name(), shape.units()) : null));
            }
            views.add(new Of(view, first, found, thresholds.tied(tail, found.get(0))));
        }
    }

    List<Alignment.Target> targets() {
        return targets;
    }

    /** Results by name of the view, in order, from what was {@code found} for the targets. */
    Map<String, LayerResult> results(List<AlignmentResult> found, Function<String, LayerResult.Origin> origins) {
        Map<String, LayerResult> results = new LinkedHashMap<>();
        for (Of of : views) {
            AlignmentResult main = found.get(of.target());
            List<LayerResult.Swept> sweep = new ArrayList<>();
            for (int i = 1; i < of.thresholds().size(); i++) {
                sweep.add(new LayerResult.Swept(
                        of.thresholds().get(i), found.get(of.target() + i).counts()));
            }
            results.put(
                    of.view().name(),
                    new LayerResult(
                            of.view(),
                            targets.get(of.target()).shape(),
                            of.thresholds().get(0),
                            main.counts(),
                            main.top(),
                            origins.apply(of.view().layer()),
                            of.tied(),
                            splits == ImageParts.WHOLE ? List.of() : main.parts(),
                            sweep));
        }
        return results;
    }
}
