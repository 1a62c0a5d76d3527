package org.netdissect.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;
import org.netdissect.activation.MapScan;
import org.netdissect.activation.Precision;
import org.netdissect.activation.Thresholds;
import org.netdissect.align.ActiveUnit;
import org.netdissect.align.ImageMasks;
import org.netdissect.align.UnitScores;
import org.netdissect.base.Digests;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.broden.Rasters;
import org.netdissect.network.ClassScores;
import org.netdissect.network.Engines;
import org.netdissect.network.ImageInput;
import org.netdissect.network.InputEncoder;
import org.netdissect.network.LayerOutput;
import org.netdissect.network.LayerOutputs;
import org.netdissect.network.MemoryFormat;
import org.netdissect.network.ModelDescription;
import org.netdissect.network.Network;
import org.netdissect.report.ImageExplanation;
import org.netdissect.report.StoredTable;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Explains one image by a run: the image through the run's network as the run's images went, the units above their
 * thresholds, and the concepts the run found for them.
 */
public final class Explanation {
    private final ExplanationSettings settings;
    private final StageListener listener;

    /** An explanation. */
    public Explanation(ExplanationSettings settings, StageListener listener) {
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Runs the network on the image.
     *
     * @throws InputException where run, image, model, layer or an option is wrong
     * @throws RunException where the network fails
     */
    public ImageExplanation run() throws IOException {
        SourceRun run = SourceRun.read(settings.run());
        Map<String, StoredTable> layers = run.tables(settings.layers());
        GridSize imageSize = Rasters.readSize(settings.image());
        byte[] rgb = Rasters.readRgb(settings.image(), imageSize);
        ForwardSettings forward = run.forward();
        Path model = model(run, forward);
        List<String> classNames = ModelDescription.beside(model).classes();
        tellDifferences(forward, imageSize);

        Path scratch = Files.createTempDirectory("netdissect");
        List<String> names = List.copyOf(layers.keySet());
        try (Network network = Network.load(TorchScriptArchive.open(model), names, settings.device(), scratch)) {
            InputEncoder encoder = new InputEncoder(forward.preprocessing(), forward.inputSize());
            ImageInput input = new ImageInput(rgb, imageSize, encoder, copies(forward));
            if (forward.format() == MemoryFormat.CHANNELS_LAST) {
                // where it is refused the run went on without, and so does this
                input.preferChannelsLast(network);
            }
            return new ImageExplanation(
                    settings.image().toString(),
                    imageSize,
                    forward.inputSize(),
                    run.iouThreshold(),
                    topClasses(network, input, classNames),
                    explained(network, input, run, layers));
        } finally {
            Files.deleteIfExists(scratch);
        }
    }

    /** The run's network, wherever it is now. */
    private Path model(SourceRun run, ForwardSettings forward) throws IOException {
        Path model = settings.model() == null ? run.model() : settings.model();
        if (!Files.isRegularFile(model)) {
            throw new InputException(
                    settings.model() == null
                            ? "the network of the run " + settings.run() + " is not at " + model
                                    + ", where it was; say where it is now with --model M.pt"
                            : "--model " + model + ": no such file");
        }
        String digest = Digests.ofFile(model);
        if (!digest.equals(forward.model())) {
            throw new InputException(model + " is not the network of the run " + settings.run() + " (SHA-256 "
                    + brief(digest) + ", the run's is " + brief(forward.model())
                    + "); give the run's with --model M.pt, or dissect this one");
        }
        return model;
    }

    private static String brief(String digest) {
        return digest.substring(0, Math.min(12, digest.length())) + "...";
    }

    private void tellDifferences(ForwardSettings forward, GridSize imageSize) {
        if (!imageSize.equals(forward.inputSize())) {
            listener.note("the image is " + imageSize + " (height x width); it is resized to the run's input of "
                    + forward.inputSize() + ", whatever its proportions");
        }
        String engine = Engines.identity(settings.device());
        if (!engine.equals(forward.engine())) {
            listener.note("the run's engine was " + forward.engine() + ", this is " + engine
                    + ": activations may differ in their last digits");
        }
    }

    /** Equal digits need a batch of the run's size; with another engine they differ anyhow. */
    private int copies(ForwardSettings forward) {
        boolean sameEngine = Engines.identity(settings.device()).equals(forward.engine());
        return sameEngine ? Math.max(1, Math.min(forward.batch(), forward.imageCount())) : 1;
    }

    private List<ImageExplanation.TopClass> topClasses(Network network, ImageInput input, List<String> names) {
        if (names.isEmpty() || settings.topClasses() == 0) {
            return List.of();
        }
        try {
            Optional<float[]> scores = input.scores(network);
            if (scores.isPresent() && scores.get().length == names.size()) {
                return ClassScores.top(scores.get(), settings.topClasses()).stream()
                        .map(top ->
                                new ImageExplanation.TopClass(top.index(), names.get(top.index()), top.probability()))
                        .toList();
            }
            listener.note("no classes are shown: there are names of " + names.size() + " beside the model, and the "
                    + "network gives "
                    + scores.map(row -> row.length + " numbers").orElse("no row of numbers for an image"));
        } catch (RunException e) {
            listener.note("no classes are shown: " + e.getMessage());
        }
        return List.of();
    }

    private List<ImageExplanation.Layer> explained(
            Network network, ImageInput input, SourceRun run, Map<String, StoredTable> layers) {
        ImageMasks masks = new ImageMasks(run.forward().inputSize(), run.interpolation());
        List<ImageExplanation.Layer> explained = new ArrayList<>();
        try (LayerOutputs outputs = input.forward(network)) {
            layers.forEach((layer, table) -> {
                ActivationBlock block =
                        block(layer, outputs.layer(layer), table, run.forward().precision());
                List<ActiveUnit> active = masks.activeUnits(block, 0, thresholds(table), settings.order());
                explained.add(explained(layer, table, active, run.iouThreshold()));
            });
        }
        return explained;
    }

    private ActivationBlock block(String layer, LayerOutput output, StoredTable table, Precision precision) {
        int units = table.scores().units().size();
        if (output.units() != units) {
            throw new InputException(
                    table.file() + ": has " + units + " units, but layer " + layer + " gives " + output.units());
        }
        ActivationBlock block =
                ActivationBlock.computed(0, 1, output.units(), output.map(), precision, output.values());
        ActivationShape shape = new ActivationShape(1, output.units(), output.map());
        MapScan.NotFinite fault = new MapScan(Optional.empty(), shape).accept(block);
        if (fault != null) {
            throw new RunException("layer " + layer + ", unit " + (fault.unit() + 1) + ": activation " + fault.value()
                    + " at row " + fault.row() + ", column " + fault.column() + " on image " + settings.image());
        }
        return block;
    }

    private static Thresholds thresholds(StoredTable table) {
        float[] thresholds = new float[table.scores().units().size()];
        table.scores().units().forEach(unit -> thresholds[unit.unit()] = unit.threshold());
        return new Thresholds(thresholds);
    }

    private ImageExplanation.Layer explained(
            String layer, StoredTable table, List<ActiveUnit> active, double iouThreshold) {
        Map<Integer, UnitScores> scores = new HashMap<>();
        table.scores().units().forEach(unit -> scores.put(unit.unit(), unit));
        List<ImageExplanation.Unit> all = new ArrayList<>();
        for (ActiveUnit unit : active) {
            UnitScores known = Objects.requireNonNull(scores.get(unit.unit()));
            double score = known.best().iou();
            all.add(new ImageExplanation.Unit(
                    unit, table.category(known), table.label(known.best()), score, score > iouThreshold));
        }
        int detectors =
                (int) all.stream().filter(ImageExplanation.Unit::detector).count();
        List<ImageExplanation.Unit> shown = all.stream()
                .filter(unit -> unit.detector() || !settings.detectorsOnly())
                .limit(settings.units())
                .toList();
        return new ImageExplanation.Layer(layer, scores.size(), active.size(), detectors, shown);
    }
}
