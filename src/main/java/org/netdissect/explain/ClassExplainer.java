package org.netdissect.explain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.Mask;
import org.netdissect.align.UnitScores;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.StageListener;
import org.netdissect.base.Tail;
import org.netdissect.image.Rasters;
import org.netdissect.network.ClassNames;
import org.netdissect.network.ClassScores;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.InputBatch;
import org.netdissect.network.LayerMaps;
import org.netdissect.report.ClassAttribution;
import org.netdissect.report.ImageExplanation;
import org.netdissect.result.StoredTable;
import org.netdissect.result.VisualizationFolder;
import org.netdissect.run.ForwardSettings;
import org.netdissect.run.RunVisualizations;
import org.netdissect.run.SourceRun;
import org.netdissect.run.View;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.visualize.DirectionImages;

/** Attributes a class's score to a run's layers, and joins the units with their concepts, masks and visualisations. */
final class ClassExplainer {
    private final AttributionSettings settings;
    private final SourceRun run;
    private final TorchScriptArchive archive;
    private final ComputeDevice device;
    private final StageListener listener;
    private final @Nullable VisualizationFolder pictures;
    private int unreadable;

    /** Throws {@link InputException} if the folder of visualisations is wrong. */
    ClassExplainer(
            AttributionSettings settings,
            SourceRun run,
            TorchScriptArchive archive,
            ComputeDevice device,
            StageListener listener)
            throws IOException {
        this.settings = settings;
        this.run = run;
        this.archive = archive;
        this.device = device;
        this.listener = listener;
        this.pictures = run.visualizations(new RunVisualizations(settings.visualizations(), true));
    }

    /**
     * Attributes a class.
     *
     * @param scores the network's output for the image, if that is a row of numbers
     * @param names of classes; empty if they are not known
     * @param explained the same layers' active units
     */
    ClassAttribution explain(
            Optional<float[]> scores,
            List<String> names,
            InputBatch image,
            Map<View, StoredTable> tables,
            List<ImageExplanation.Layer> explained,
            Path scratch)
            throws IOException {
        float[] row = scores.orElseThrow(() -> new InputException("--visualize: the output of " + archive.file()
                + " is no row of numbers for an image, one for each class; leave --visualize out for this network"));
        List<String> known = ClassNames.known(names, row.length);
        String wanted = settings.name();
        int index = wanted == null
                ? ClassScores.top(row, 1).get(0).index()
                : ClassNames.index("--class", wanted, row.length, known);
        boolean logarithm = ClassScores.areProbabilities(row);
        if (logarithm) {
            listener.note("the network's output is probabilities: attributions are of the logarithm of the class's");
        }
        ForwardSettings forward = run.forward();
        LayerMaps maps = LayerMaps.of(archive, forward.axes(), forward.inputSize());
        Map<String, View> views = new LinkedHashMap<>();
        tables.keySet().forEach(view -> views.merge(view.layer(), view, (a, b) -> a.tail() == Tail.UPPER ? a : b));
        Map<String, LayerAttribution> attributions = new Attribution(archive, maps, device)
                .of(image, index, logarithm, List.copyOf(views.keySet()), scratch);
        List<ClassAttribution.Layer> layers = new ArrayList<>();
        for (Map.Entry<String, LayerAttribution> layer : attributions.entrySet()) {
            View view = Objects.requireNonNull(views.get(layer.getKey()));
            layers.add(layer(view, layer.getValue(), Objects.requireNonNull(tables.get(view)), explained, scratch));
        }
        if (unreadable > 0) {
            listener.note(unreadable + " visualisations cannot be read; make them again with 'visualize --overwrite'");
        }
        return new ClassAttribution(index, known.isEmpty() ? "" : known.get(index), row[index], logarithm, layers);
    }

    private ClassAttribution.Layer layer(
            View view,
            LayerAttribution attribution,
            StoredTable table,
            List<ImageExplanation.Layer> explained,
            Path scratch)
            throws IOException {
        Map<Integer, Mask> masks = new HashMap<>();
        explained.stream()
                .filter(layer -> layer.name().equals(view.name()))
                .flatMap(layer -> layer.active().stream())
                .forEach(unit ->
                        masks.put(unit.activity().unit(), unit.activity().mask()));
        Map<Integer, UnitScores> scores = new HashMap<>();
        table.scores().units().forEach(unit -> scores.put(unit.unit(), unit));
        double[] byUnit = attribution.byUnit();
        List<Integer> order = IntStream.range(0, byUnit.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer unit) -> -byUnit[unit]))
                .toList();
        List<ClassAttribution.Unit> favouring = new ArrayList<>();
        List<ClassAttribution.Unit> opposing = new ArrayList<>();
        for (int i = 0; i < Math.min(settings.units(), order.size()); i++) {
            int first = order.get(i);
            int last = order.get(order.size() - 1 - i);
            if (byUnit[first] > 0) {
                favouring.add(unit(view, table, attribution, first, byUnit[first], scores, masks));
            }
            if (byUnit[last] < 0) {
                opposing.add(unit(view, table, attribution, last, byUnit[last], scores, masks));
            }
        }
        return new ClassAttribution.Layer(
                view.layer(),
                attribution.map(),
                attribution.byPlace(),
                attribution.sum(),
                favouring,
                opposing,
                settings.grid() ? grids(scratch).of(view.layer(), attribution) : null);
    }

    private ActivationGrids grids(Path scratch) {
        ForwardSettings forward = run.forward();
        DirectionImages images = new DirectionImages(
                archive,
                forward.preprocessing(),
                forward.axes(),
                forward.inputSize(),
                new DirectionImages.Settings(
                        ActivationGrids.CELL, settings.steps(), device, settings.threads(), settings.seed()));
        return new ActivationGrids(images, scratch, listener);
    }

    private ClassAttribution.Unit unit(
            View view,
            StoredTable table,
            LayerAttribution attribution,
            int channel,
            double value,
            Map<Integer, UnitScores> scores,
            Map<Integer, Mask> masks)
            throws IOException {
        UnitScores known = scores.get(channel);
        if (known == null) {
            throw new InputException(table.file() + ": has " + scores.size() + " units, but layer " + view.layer()
                    + " gives " + attribution.units());
        }
        double iou = known.best().iou();
        boolean negative = attribution.isNegative(channel);
        return new ClassAttribution.Unit(
                channel,
                value,
                table.category(known),
                table.label(known.best()),
                iou,
                iou > run.iouThreshold(),
                negative,
                masks.get(channel),
                picture(view.layer(), channel, negative));
    }

    private ClassAttribution.@Nullable Picture picture(String layer, int channel, boolean negative) throws IOException {
        Optional<Path> file = pictures == null ? Optional.empty() : pictures.image(layer, channel, negative);
        if (file.isEmpty()) {
            return null;
        }
        try {
            GridSize size = Rasters.readSize(file.get());
            return new ClassAttribution.Picture(Rasters.readRgb(file.get(), size), size);
        } catch (InputException e) {
            unreadable++;
            return null;
        }
    }
}
