package org.netdissect.explain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.base.FileNames;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.base.StageListener;
import org.netdissect.image.Rasters;
import org.netdissect.network.ClassScores;
import org.netdissect.network.Engines;
import org.netdissect.network.ImageInput;
import org.netdissect.network.InputBatch;
import org.netdissect.network.InputEncoder;
import org.netdissect.network.LayerMaps;
import org.netdissect.network.LayerOutputs;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.ModelDescription;
import org.netdissect.network.NetworkOutput;
import org.netdissect.network.TappedForward;
import org.netdissect.report.ExplanationPage;
import org.netdissect.report.ImageExplanation;
import org.netdissect.result.StoredTable;
import org.netdissect.run.ForwardSettings;
import org.netdissect.run.LayerPlacements;
import org.netdissect.run.SourceRun;
import org.netdissect.run.Versions;
import org.netdissect.run.View;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Explains one image by a finished run. The image passes through the run's network as the run's images did; the
 * explanation shows the units above their thresholds, with their concepts.
 */
public final class Explanation {
    private static final String FOLDER = "explain";
    private static final String ENDING = ".html";

    private final ExplanationSettings settings;
    private final StageListener listener;

    /** An explanation. */
    public Explanation(ExplanationSettings settings, StageListener listener) {
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Runs the network on the image, and writes the page.
     *
     * @throws InputException if run, image, model, layer or an option is wrong
     * @throws RunException if the network fails
     */
    public ExplanationResult run() throws IOException {
        SourceRun run = SourceRun.read(settings.run());
        run.requireOwnBasis();
        Map<View, StoredTable> tables = run.tables(settings.layers());
        GridSize imageSize = Rasters.readSize(settings.image());
        byte[] rgb = Rasters.readRgb(settings.image(), imageSize);
        Path model = run.model(settings.model());
        Path page = page().orElse(null);
        noteDifferences(run, imageSize);
        ImageExplanation explanation = explain(run, tables, model, rgb, imageSize);
        if (page != null) {
            write(page, explanation, rgb);
        }
        return new ExplanationResult(explanation, settings.order(), page);
    }

    private static void write(Path page, ImageExplanation explanation, byte[] rgb) {
        try {
            ExplanationPage.write(page, explanation, rgb, Versions.program());
        } catch (IOException e) {
            throw new RunException(
                    "the page " + page + " cannot be written (" + e
                            + "); give another with --out FILE.html, or --no-page",
                    e);
        }
    }

    private ImageExplanation explain(
            SourceRun run, Map<View, StoredTable> tables, Path model, byte[] rgb, GridSize imageSize)
            throws IOException {
        ForwardSettings forward = run.forward();
        List<String> classNames = ModelDescription.beside(model).classes();
        TorchScriptArchive archive = run.archive(model);
        ClassExplainer classes = settings.attribution() == null
                ? null
                : new ClassExplainer(settings.attribution(), run, archive, settings.device(), listener);
        List<String> layers =
                tables.keySet().stream().map(View::layer).distinct().toList();
        LayerPlacements placements = LayerPlacements.of(archive, layers, run.interpolation(), forward);
        LayerMaps maps = LayerMaps.of(archive, forward.axes(), forward.inputSize());
        LayerExplainer explainer = new LayerExplainer(settings, run, placements);
        Path scratch = Files.createTempDirectory("netdissect");
        try (LoadedNetwork network = LoadedNetwork.load(archive, layers, settings.device(), scratch)) {
            TappedForward tapped = new TappedForward(network, maps);
            InputEncoder encoder = new InputEncoder(forward.preprocessing(), forward.inputSize());
            InputBatch input = ImageInput.tried(rgb, imageSize, encoder, copies(forward), tapped, forward.format());
            ImageExplanation explanation = new ImageExplanation(
                    settings.run().toString(),
                    model.toString(),
                    settings.image().toString(),
                    imageSize,
                    forward.inputSize(),
                    run.iouThreshold(),
                    run.usualArea(),
                    tables.values().iterator().next().categories(),
                    topClasses(network, input, classNames),
                    explained(tapped, input, explainer, tables),
                    null);
            return classes == null
                    ? explanation
                    : explanation.with(classes.explain(
                            NetworkOutput.scores(network, input),
                            classNames,
                            input,
                            tables,
                            explanation.layers(),
                            scratch));
        } finally {
            Files.deleteIfExists(scratch);
        }
    }

    /** The page to write, if any. The required ending prevents that a mistyped path replaces an image. */
    private Optional<Path> page() {
        if (!settings.writePage()) {
            return Optional.empty();
        }
        Path given = settings.page();
        if (given == null) {
            String image = String.valueOf(settings.image().getFileName());
            return Optional.of(settings.run().resolve(FOLDER).resolve(FileNames.of(image) + ENDING));
        }
        if (!given.toString().endsWith(ENDING) || Files.isDirectory(given)) {
            throw new InputException("--out " + given + ": expected a file whose name ends in " + ENDING);
        }
        return Optional.of(given);
    }

    private void noteDifferences(SourceRun run, GridSize imageSize) throws IOException {
        ForwardSettings forward = run.forward();
        if (Rasters.isTurned(settings.image())) {
            listener.note("the camera's Exif data ask to turn " + settings.image() + "; it is taken as stored, as "
                    + "PyTorch's usual loaders take it. For the network to see it upright, save it turned");
        }
        if (!imageSize.equals(forward.inputSize())) {
            listener.note("the image is " + imageSize + " (height x width); it is resized to the run's input of "
                    + forward.inputSize() + ", whatever its proportions");
        }
        String engine = Engines.identity(settings.device());
        if (!engine.equals(forward.engine())) {
            listener.note("the run's engine was " + forward.engine() + ", this is " + engine
                    + ": activations may differ in their last digits");
            return;
        }
        String here = Engines.fingerprint(settings.device()).toString();
        run.processor()
                .filter(there -> !there.equals(here))
                .ifPresent(there -> listener.note("the run's machine was " + there + ", this is " + here
                        + ": activations may differ in their last digits"));
    }

    /**
     * Number of images in the batch. Equal digits need the run's batch size; with another engine they differ anyway.
     */
    private int copies(ForwardSettings forward) {
        boolean sameEngine = Engines.identity(settings.device()).equals(forward.engine());
        return sameEngine ? Math.max(1, Math.min(forward.batch(), forward.imageCount())) : 1;
    }

    private List<ImageExplanation.TopClass> topClasses(LoadedNetwork network, InputBatch input, List<String> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        try {
            Optional<float[]> scores = NetworkOutput.scores(network, input);
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
            TappedForward tapped, InputBatch input, LayerExplainer explainer, Map<View, StoredTable> tables) {
        List<ImageExplanation.Layer> layers = new ArrayList<>();
        try (LayerOutputs outputs = tapped.forward(input)) {
            tables.forEach((view, table) -> layers.add(explainer.explain(view, outputs.layer(view.layer()), table)));
        }
        return layers;
    }
}
