package org.netdissect.visualize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.netdissect.architecture.Generated;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.architecture.NetworkFile;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.Resources;
import org.netdissect.base.StageListener;
import org.netdissect.broden.ProbeSet;
import org.netdissect.images.ImageSource;
import org.netdissect.network.AxesSpec;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.ModelDescription;
import org.netdissect.network.Preprocessing;
import org.netdissect.run.ChosenLayers;
import org.netdissect.run.InputSettings;
import org.netdissect.run.SourceRun;
import org.netdissect.run.View;
import org.netdissect.torchscript.Edit;
import org.netdissect.torchscript.Rewrite;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * The network whose units are visualised, and all that is known of it before it runs.
 *
 * @param digest SHA-256 of the network's file, with what else a generated network depends on
 * @param layers chosen ones; none where the objective is of a class
 * @param classes names of the network's classes by number; none where they are not known
 * @param usualSize of its input, if known
 * @param run whose detectors and concepts are shown, or null
 * @param images to compare with, or null
 * @param imagesDigest over these images, or empty
 */
record Subject(
        TorchScriptArchive archive,
        String digest,
        List<String> layers,
        List<String> classes,
        NetworkInput input,
        Map<String, AxesSpec> axes,
        Optional<GridSize> usualSize,
        @Nullable SourceRun run,
        @Nullable ImageSource images,
        String imagesDigest) {

    /** Text of {@code ascent.py}, and of what it calls. */
    static final String METHODS = resource("adam.py") + resource("ascent.py");

    /** Opens the network of a run, or the one given, with the run's preprocessing or the options'. */
    static Subject open(VisualizationSettings settings, StageListener listener) throws IOException {
        return settings.source().run() == null ? ofOptions(settings, listener) : ofRun(settings, listener);
    }

    /** Loads the network with edits and the methods of {@code ascent.py}. */
    LoadedNetwork load(List<Edit> edits, ComputeDevice device, Path scratch) throws IOException {
        return LoadedNetwork.loadForGradients(archive, new Rewrite(edits, true, METHODS), device, scratch);
    }

    /** Whether units may be woken by rectifiers that leak. */
    boolean hasLeakyRectifiers() {
        return archive.rectifiers().leaky() > 0;
    }

    /** Text of a file of the program. */
    static String resource(String name) {
        return Resources.text(Subject.class, name);
    }

    private static Subject ofRun(VisualizationSettings settings, StageListener listener) throws IOException {
        VisualizationSettings.Source source = settings.source();
        if (settings.input().isGiven()) {
            throw new InputException(
                    "--run gives the network's preprocessing, input size and axes; leave --preprocess, "
                            + "--channels, --pixel-scale, --mean, --std, --input-size and --axes out");
        }
        requireUseOfLayers(settings);
        SourceRun run = SourceRun.read(Objects.requireNonNull(source.run()));
        run.requireOwnBasis();
        Path model =
                run.model(source.network() == null ? null : source.network().file());
        TorchScriptArchive archive = run.archive(model);
        List<String> layers = run.tables(source.layers()).keySet().stream()
                .map(View::layer)
                .distinct()
                .toList();
        Path probe = source.probe() == null ? run.probe() : source.probe();
        ImageSource images = null;
        if (source.probe() != null || Files.isDirectory(probe)) {
            images = run.images(probe);
        } else {
            listener.note("the run's probe set is not at " + probe + ", where it was: images are not compared with its "
                    + "images; say where it is now with --probe DIR");
        }
        return new Subject(
                archive,
                Generated.identity(run.forward().model(), run.forward().generated()),
                settings.goal().isOfClass() ? List.of() : layers,
                ModelDescription.beside(model).classes(),
                NetworkInput.of(run.forward().preprocessing()),
                run.forward().axes(),
                Optional.of(run.forward().inputSize()),
                run,
                images,
                imagesDigest(settings, run, images));
    }

    /** Digest of the run's images; those of another folder may be others, whatever their names. */
    private static String imagesDigest(VisualizationSettings settings, SourceRun run, @Nullable ImageSource images)
            throws IOException {
        if (images == null) {
            return "";
        }
        return settings.source().probe() == null
                ? run.forward().images()
                : images.imagesDigest(settings.engine().threads());
    }

    private static Subject ofOptions(VisualizationSettings settings, StageListener listener) throws IOException {
        VisualizationSettings.Source source = settings.source();
        NetworkChoice choice = source.network();
        if (choice == null) {
            throw new InputException("no network given: use --model M.pt, or --run with the folder of a dissection");
        }
        ModelDescription description = ModelDescription.beside(choice.file());
        NetworkFile network = description.open(choice);
        network.notes().forEach(listener::note);
        TorchScriptArchive archive = network.archive();
        List<String> layers = layers(settings, archive, description, listener);
        NetworkInput input =
                input(settings.input(), description, archive.input().channels(), listener);
        if (source.probe() != null && !ProbeImages.have(input.channels())) {
            throw new InputException("--probe " + source.probe() + ": the network takes " + input.channels()
                    + " channels, and images of files have 3, or 1 (grey); leave --probe out");
        }
        ProbeSet images = source.probe() == null ? null : ProbeSet.open(source.probe());
        return new Subject(
                archive,
                Generated.identity(NetworkFile.digest(choice.file()), network.generated()),
                layers,
                description.classes(),
                input,
                settings.input().axes(description, layers),
                settings.input().size(description, archive.fixedInputSize()),
                null,
                images,
                images == null ? "" : images.imagesDigest(settings.engine().threads()));
    }

    private static List<String> layers(
            VisualizationSettings settings,
            TorchScriptArchive archive,
            ModelDescription description,
            StageListener listener) {
        requireUseOfLayers(settings);
        return settings.goal().isOfClass()
                ? List.of()
                : ChosenLayers.of(settings.source().layers(), archive, description, listener);
    }

    private static void requireUseOfLayers(VisualizationSettings settings) {
        if (settings.goal().isOfClass() && !settings.source().layers().isEmpty()) {
            throw new InputException("--objective " + settings.goal().objective()
                    + " is of the network's classes; leave --layer out, or choose another --objective");
        }
    }

    private static NetworkInput input(
            InputSettings input, ModelDescription description, OptionalInt channels, StageListener listener) {
        int count = channels.orElse(3);
        if (count == 1 || count == 3) {
            Preprocessing preprocessing = input.preprocessing(description, channels);
            if (!input.isComplete(description, channels)) {
                listener.note("preprocessing is " + preprocessing + ": what was not given is ImageNet's; see "
                        + "--preprocess, --channels, --pixel-scale, --mean and --std");
            }
            return NetworkInput.of(preprocessing);
        }
        List<Float> mean = perChannel("mean", count, input.mean(), 0f);
        List<Float> std = perChannel("std", count, input.std(), 1f);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        float scale = input.pixelScale() == null ? 255 : input.pixelScale();
        listener.note("the network takes " + count + " channels, which have no colours: each is from 0 to 1, less mean "
                + mean + ", divided by " + std + "; see --mean and --std");
        return new NetworkInput(count, order, 255 / scale, mean, std);
    }

    private static List<Float> perChannel(String option, int count, @Nullable List<Float> given, float otherwise) {
        if (given == null) {
            return new ArrayList<>(Collections.nCopies(count, otherwise));
        }
        if (given.size() != count
                || given.stream().anyMatch(value -> !Float.isFinite(value))
                || (option.equals("std") && given.stream().anyMatch(value -> value == 0))) {
            throw new InputException("--" + option + " " + given + ": expected " + count
                    + " finite numbers, one for each channel of the network"
                    + (option.equals("std") ? ", none 0" : ""));
        }
        return given;
    }
}
