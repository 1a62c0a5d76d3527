package org.netdissect.explain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.activation.threshold.MapScan;
import org.netdissect.align.ActiveUnit;
import org.netdissect.align.Comparison;
import org.netdissect.align.ImageMasks;
import org.netdissect.align.MaskRule;
import org.netdissect.align.UnitScores;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.network.LayerOutput;
import org.netdissect.report.ImageExplanation;
import org.netdissect.result.StoredTable;
import org.netdissect.run.ForwardSettings;
import org.netdissect.run.LayerPlacements;
import org.netdissect.run.SourceRun;
import org.netdissect.run.View;
import org.netdissect.run.ViewThresholds;

/** Compares a layer's output for an image with the layer's thresholds, and adds the concepts of active units. */
final class LayerExplainer {
    private final ExplanationSettings settings;
    private final Precision precision;
    private final GridSize grid;
    private final LayerPlacements placements;
    private final Comparison comparison;
    private final double iouThreshold;

    LayerExplainer(ExplanationSettings settings, SourceRun run, LayerPlacements placements) {
        ForwardSettings forward = run.forward();
        this.settings = settings;
        this.precision = forward.precision();
        this.grid = forward.inputSize();
        this.placements = placements;
        this.comparison = run.comparison();
        this.iouThreshold = run.iouThreshold();
    }

    /** Explains a tail of a layer for the first image of the output. */
    ImageExplanation.Layer explain(View view, LayerOutput output, StoredTable table) {
        String layer = view.layer();
        Map<Integer, UnitScores> scores = new HashMap<>();
        table.scores().units().forEach(unit -> scores.put(unit.unit(), unit));
        if (output.units() != scores.size()) {
            throw new InputException(table.file() + ": has " + scores.size() + " units, but layer " + layer + " gives "
                    + output.units());
        }
        MaskRule rule = view.rule(
                new ViewThresholds(thresholds(table), table.tied()),
                placements.of(layer).placement(),
                comparison);
        List<ImageExplanation.Unit> active = new ArrayList<>();
        for (ActiveUnit unit :
                new ImageMasks(grid, rule).activeUnits(view.of(block(layer, output)), 0, settings.order())) {
            UnitScores known = Objects.requireNonNull(scores.get(unit.unit()));
            double score = known.best().iou();
            active.add(new ImageExplanation.Unit(
                    view.shown(unit), table.category(known), table.label(known.best()), score, score > iouThreshold));
        }
        List<ImageExplanation.Unit> shown = active.stream()
                .filter(unit -> unit.detector() || !settings.detectorsOnly())
                .limit(settings.units())
                .toList();
        return new ImageExplanation.Layer(view.name(), scores.size(), active, shown);
    }

    private static Thresholds thresholds(StoredTable table) {
        float[] thresholds = new float[table.scores().units().size()];
        for (UnitScores unit : table.scores().units()) {
            thresholds[unit.unit()] = unit.threshold();
        }
        return new Thresholds(thresholds);
    }

    /** Activations in the precision of the run's thresholds. */
    private ActivationBlock block(String layer, LayerOutput output) {
        ActivationBlock block =
                ActivationBlock.computed(0, 1, output.units(), output.map(), precision, output.values());
        ActivationShape shape = new ActivationShape(1, output.units(), output.map());
        MapScan.NotFinite fault = new MapScan(Optional.empty(), shape).accept(block);
        if (fault != null) {
            Path image = settings.image();
            throw new RunException("layer " + layer + ", unit " + (fault.unit() + 1) + ": activation " + fault.value()
                    + " at row " + fault.row() + ", column " + fault.column() + " on image " + image);
        }
        return block;
    }
}
