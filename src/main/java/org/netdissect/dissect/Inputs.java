package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.Thresholds;
import org.netdissect.architecture.NetworkFile;
import org.netdissect.base.Digests;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.StageListener;
import org.netdissect.base.Workers;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.ReadableImages;
import org.netdissect.labels.Category;
import org.netdissect.network.Engines;
import org.netdissect.network.ModelDescription;
import org.netdissect.network.Preprocessing;
import org.netdissect.result.Requirement;
import org.netdissect.run.ChosenLayers;
import org.netdissect.run.DissectionSettings;
import org.netdissect.run.EngineSettings;
import org.netdissect.run.ForwardSettings;
import org.netdissect.run.InputSettings;
import org.netdissect.run.LayerPlacements;
import org.netdissect.run.RunSettings;
import org.netdissect.run.StorageSettings;
import org.netdissect.run.View;
import org.netdissect.torchscript.ModuleNode;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Inputs of a run, opened and checked. All stages are constructed from them.
 *
 * @param settings all that the tables depend on
 * @param network under study, ready for forward passes over the probe set
 * @param placements places of the layers' units over the labels
 * @param views layers by tail, in order
 * @param given thresholds in place of those of the top fraction, or null
 * @param skipped images that cannot be read and are left out
 * @param storage cache and memory
 * @param output run directory and report
 */
record Inputs(
        RunSettings settings,
        ProbedNetwork network,
        LayerPlacements placements,
        List<View> views,
        @Nullable ThresholdFile given,
        List<ReadableImages.Skipped> skipped,
        StorageSettings storage,
        DissectionSettings.Output output) {

    /**
     * Opens the inputs of a dissection.
     *
     * @param requirements checked for unknown layers and categories before anything is computed
     * @throws InputException where model, layer, probe set or an option is wrong
     */
    static Inputs open(
            DissectionSettings settings, List<Requirement> requirements, StageListener listener, NetworkLoader loader)
            throws IOException {
        Path model = settings.source().network().file();
        // the model's digest takes as long as reading its code, and both take one core
        Future<String> modelDigest = Workers.start(() -> NetworkFile.digest(model));
        ModelDescription description = ModelDescription.beside(model);
        NetworkFile network = description.open(settings.source().network());
        network.notes().forEach(listener::note);
        TorchScriptArchive archive = network.archive();
        List<String> layers = layers(settings, archive, description, listener);
        Path thresholds = settings.scoring().thresholds();
        ThresholdFile given = thresholds == null ? null : ThresholdFile.read(thresholds);
        ReadableImages images = images(settings.source(), settings.engine().threads(), listener);
        ProbeSet probe = images.probe();
        List<View> views = View.of(layers, settings.scoring().tail(), names(archive));
        check(requirements, views, probe, settings.baseline() != null);
        if (archive.wasInTrainingMode()) {
            listener.note(LayerListing.TRAINING_MODE);
        }
        RunSettings run = new RunSettings(
                layers,
                settings.source().selection(),
                settings.source().planes(),
                settings.scoring().sweep(),
                thresholds == null ? null : Digests.ofFile(thresholds),
                settings.scoring().tail(),
                settings.scoring().method(),
                settings.rotation(),
                settings.baseline(),
                probe.tablesDigest(),
                forward(settings, network, Workers.get(modelDigest), probe, description, layers, listener));
        boolean resize =
                settings.input().size(description, archive.fixedInputSize()).isPresent();
        return new Inputs(
                run,
                new ProbedNetwork(
                        archive, probe, run.forward(), settings.engine(), resize, new TreeSet<>(), listener, loader),
                LayerPlacements.of(archive, layers, run.method().interpolation(), run.forward()),
                views,
                given,
                images.skipped(),
                settings.storage(),
                settings.output());
    }

    /** Names of all layers of a network. */
    static List<String> names(TorchScriptArchive archive) {
        return archive.modules().stream().map(ModuleNode::name).toList();
    }

    private static void check(List<Requirement> requirements, List<View> views, ProbeSet probe, boolean hasBaseline) {
        List<String> layers = views.stream().map(View::name).toList();
        List<String> categories =
                probe.categories().stream().map(Category::name).toList();
        requirements.forEach(requirement -> requirement.check(layers, categories, hasBaseline));
    }

    private static List<String> layers(
            DissectionSettings settings,
            TorchScriptArchive archive,
            ModelDescription description,
            StageListener listener) {
        List<String> layers = ChosenLayers.of(settings.source().layers(), archive, description, listener);
        if (settings.scoring().thresholds() != null && layers.size() != 1) {
            throw new InputException(
                    "--thresholds holds one layer's thresholds, but " + layers.size() + " layers are chosen");
        }
        return layers;
    }

    private static ReadableImages images(DissectionSettings.Source source, int threads, StageListener listener)
            throws IOException {
        ProbeDoubts doubts = new ProbeDoubts();
        ProbeSet all = ProbeSet.open(source.probe(), source.planes(), doubts).select(source.selection());
        doubts.report(all, listener);
        if (!source.skipUnreadable()) {
            all.tryPlanes();
            return new ReadableImages(all, List.of());
        }
        ReadableImages images;
        try (StageListener.Stage stage =
                listener.begin("reading images", 0, all.images().size())) {
            images = ReadableImages.of(all, threads, stage);
        }
        if (!images.skipped().isEmpty()) {
            listener.note("skipping " + images.skipped().size() + " of "
                    + all.images().size() + " images that cannot be read, all listed in run.json; the first: "
                    + images.skipped().get(0).reason());
        }
        return images;
    }

    private static ForwardSettings forward(
            DissectionSettings settings,
            NetworkFile network,
            String modelDigest,
            ProbeSet probe,
            ModelDescription description,
            List<String> layers,
            StageListener listener)
            throws IOException {
        TorchScriptArchive archive = network.archive();
        InputSettings input = settings.input();
        EngineSettings engine = settings.engine();
        Preprocessing preprocessing =
                input.preprocessing(description, archive.input().channels());
        if (!input.isComplete(description, archive.input().channels())) {
            listener.note("preprocessing is " + preprocessing + ": what was not given is ImageNet's; see --preprocess, "
                    + "--channels, --pixel-scale, --mean and --std");
        }
        GridSize inputSize = input.size(description, archive.fixedInputSize())
                .orElse(probe.images().get(0).imageSize());
        return new ForwardSettings(
                modelDigest,
                archive.wasInTrainingMode(),
                network.generated(),
                probe.imagesDigest(engine.threads()),
                probe.images().size(),
                preprocessing,
                inputSize,
                batch(engine, archive, listener),
                engine.formatUsed(),
                Engines.identity(engine.device()),
                settings.storage().precision(),
                input.axes(description, layers));
    }

    /** Images per forward pass: those that the network takes, if its code is made for a number of them. */
    private static int batch(EngineSettings engine, TorchScriptArchive archive, StageListener listener) {
        OptionalInt fixed = archive.fixedBatch();
        if (fixed.isPresent() && engine.batch() > 0 && engine.batch() != fixed.getAsInt()) {
            listener.note("--batch " + engine.batch() + " is not used: the network was exported for batches of "
                    + fixed.getAsInt());
        }
        return fixed.orElse(engine.batchUsed());
    }

    ProbeSet probe() {
        return network.probe();
    }

    StageListener listener() {
        return network.listener();
    }

    int threads() {
        return network.engine().threads();
    }

    /** Given thresholds, if any. Throws {@link InputException} if their number differs from that of the units. */
    Optional<Thresholds> given(int units) {
        return Optional.ofNullable(given).map(file -> file.forUnits(units));
    }

    /** The baseline stage, which does nothing without settings. */
    BaselineStage baseline() {
        return new BaselineStage(
                settings.baseline(),
                settings.iou(),
                output.folder(),
                probe(),
                settings.method().rules(),
                listener());
    }
}
