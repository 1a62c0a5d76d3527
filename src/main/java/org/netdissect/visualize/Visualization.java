package org.netdissect.visualize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.FileNames;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.base.SafeFiles;
import org.netdissect.base.StageListener;
import org.netdissect.network.Engines;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.report.VisualizationSheet;
import org.netdissect.report.VisualizedLayer;
import org.netdissect.result.Visualized;
import org.netdissect.run.RunDirectory;
import org.netdissect.run.Stopwatch;
import org.netdissect.run.Versions;
import org.netdissect.torchscript.Edit;
import org.netdissect.visualize.space.ImageBasis;
import org.netdissect.visualize.space.ImageSpace;

/**
 * Feature visualisation ("Feature Visualization", Olah, Mordvintsev and Schubert 2017): images that make units of a
 * network respond most, by gradient ascent from noise. {@link #run} plans all layers, then makes their images one layer
 * after the other.
 */
public final class Visualization {
    /** Message of {@code ascent.py}. */
    private static final String NO_GRADIENT = "no gradient reaches the image";

    private static final long BETWEEN_SHEETS = 5_000_000_000L;

    private final VisualizationSettings settings;
    private final List<String> commandLine;
    private final StageListener listener;
    private final Stopwatch watch = new Stopwatch();

    /**
     * A visualisation.
     *
     * @param commandLine goes into run.json
     */
    public Visualization(VisualizationSettings settings, List<String> commandLine, StageListener listener) {
        this.settings = settings;
        this.commandLine = List.copyOf(commandLine);
        this.listener = listener;
    }

    /**
     * Makes all images that an earlier run of the same settings has not made, and writes tables and sheets.
     *
     * @throws InputException where model, layer, image or an option is wrong
     * @throws org.netdissect.base.RunException where the network fails
     */
    public VisualizationResult run() throws IOException {
        Path out = settings.output().folder();
        VisualizationFile.requireNothingElse(out);
        RunDirectory.requireWritable(out);
        Subject subject = Subject.open(settings, listener);
        Path scratch = Files.createTempDirectory("netdissect");
        try {
            Plan plan = Plan.of(subject, settings, scratch, listener);
            if (settings.picture().basis() == ImageBasis.MACO && plan.probeImages() == null) {
                throw new InputException(
                        "--basis maco takes its amplitudes from the images of a probe set: give --probe "
                                + "DIR, or --run with a dissection");
            }
            VisualizationFile file = file(subject, plan);
            if (settings.output().overwrite()) {
                clear(plan, file);
            } else {
                file.check(out);
            }
            SafeFiles.deleteLeftovers(out);
            watch.lap("prepare");
            Map<String, List<Visualized>> rows = new LinkedHashMap<>();
            for (LayerPlan layer : plan.layers()) {
                rows.put(layer.name(), visualize(subject, plan, layer, file, scratch));
                watch.lap(layer.name());
            }
            file.write(out, watch.seconds());
            return new VisualizationResult(out, rows);
        } finally {
            Files.deleteIfExists(scratch);
        }
    }

    /** Deletes the images that are to be made again, and those of all layers if their settings were others. */
    private void clear(Plan plan, VisualizationFile file) throws IOException {
        if (!file.fits(settings.output().folder())) {
            for (Path folder : LayerFolder.in(settings.output().folder())) {
                LayerFolder.clear(folder);
            }
            Files.deleteIfExists(settings.output().folder().resolve(VisualizationFile.NAME));
        }
        for (LayerPlan layer : plan.layers()) {
            LayerFolder.clear(folder(layer));
        }
    }

    private Path folder(LayerPlan layer) {
        return settings.output().folder().resolve(FileNames.of(layer.name()));
    }

    private List<Visualized> visualize(
            Subject subject, Plan plan, LayerPlan layer, VisualizationFile file, Path scratch) throws IOException {
        LayerFolder folder = LayerFolder.open(folder(layer), settings.picture().steps());
        List<Target> left = folder.left(layer.targets());
        Sheet sheet = new Sheet(subject, layer, folder.path());
        if (left.size() < layer.targets().size()) {
            listener.note(layer.name() + ": " + (layer.targets().size() - left.size()) + " of "
                    + layer.targets().size() + " images are there already");
        }
        if (!left.isEmpty()) {
            LearnedPrior prior = plan.prior();
            try (Generator generator =
                            prior == null ? null : prior.load(settings.engine().device(), scratch);
                    ClassChange change = ClassChange.of(plan, settings.engine().device(), scratch);
                    LoadedNetwork loaded = subject.load(
                            List.of(new Edit.Tap(layer.tap())),
                            settings.engine().device(),
                            scratch)) {
                LayerNetwork network = plan.network(layer, loaded);
                ProbeImages images = plan.probeImages();
                Parameterization space = generator == null
                        ? new BasisParameterization(network, space(network, plan, images))
                        : new LatentParameterization(network, generator);
                requireGradient(space, plan, layer);
                // before the first image, and not for a layer that gives none: its folder stays free
                file.write(settings.output().folder(), Map.of());
                ProbeStatistics probe = images == null ? null : probe(images, network);
                try (StageListener.Stage stage = listener.begin("visualising " + layer.name(), 0, left.size())) {
                    new LayerVisualizer(network, space, plan.ascent(), probe, change, folder, sheet)
                            .run(left, plan.batch(), settings.engine().threads(), stage);
                }
            }
        }
        folder.order(layer.targets());
        List<Visualized> rows = folder.rows();
        sheet.write(rows);
        return rows;
    }

    private ImageSpace space(LayerNetwork network, Plan plan, @Nullable ProbeImages images) throws IOException {
        float[] amplitudes = null;
        if (settings.picture().basis() == ImageBasis.MACO) {
            Objects.requireNonNull(images);
            try (StageListener.Stage stage = listener.begin("amplitudes of probe images", 0, images.count())) {
                amplitudes =
                        MeanAmplitudes.of(images, network, settings.engine().threads(), stage);
            }
        }
        return plan.space(network, amplitudes);
    }

    private ProbeStatistics probe(ProbeImages images, LayerNetwork network) throws IOException {
        try (StageListener.Stage stage = listener.begin("probe images", 0, images.count())) {
            return ProbeStatistics.measure(images, network, settings.engine().threads(), stage);
        }
    }

    /** Refuses a layer whose output the image reaches by no differentiable way, after one step for its first target. */
    private void requireGradient(Parameterization space, Plan plan, LayerPlan layer) {
        List<Target> first = Collections.nCopies(plan.batch(), layer.targets().get(0));
        Ascent ascent = new Ascent(space, plan.ascent(), first);
        try {
            ascent.advance(ascent.start(), 1);
        } catch (RunException e) {
            if (String.valueOf(e.getMessage()).contains(NO_GRADIENT)) {
                throw new InputException(
                        "layer " + layer.name() + ": " + NO_GRADIENT
                                + ", since what lies between is not differentiable, "
                                + "such as argmax or whole numbers; choose a layer before that",
                        e);
            }
            throw e;
        }
    }

    private VisualizationFile file(Subject subject, Plan plan) throws IOException {
        Map<String, Integer> layers = new LinkedHashMap<>();
        plan.layers().forEach(layer -> layers.put(layer.name(), layer.targets().size()));
        return new VisualizationFile(
                commandLine,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Versions.all(Engines.fingerprint(settings.engine().device())),
                subject.archive().file(),
                subject.digest(),
                plan.recorded(),
                layers);
    }

    /** The contact sheet of a layer, written again every few seconds while it grows. */
    private final class Sheet implements LayerVisualizer.Growth {
        private final Subject subject;
        private final LayerPlan layer;
        private final VisualizationSheet sheet;
        private long last = System.nanoTime();

        Sheet(Subject subject, LayerPlan layer, Path folder) {
            this.subject = subject;
            this.layer = layer;
            this.sheet = new VisualizationSheet(
                    folder,
                    Math.toIntExact(layer.targets().stream()
                            .map(Target::index)
                            .distinct()
                            .count()));
        }

        @Override
        public void grown(List<Visualized> rows) throws IOException {
            if (System.nanoTime() - last >= BETWEEN_SHEETS) {
                write(rows);
                last = System.nanoTime();
            }
        }

        void write(List<Visualized> rows) throws IOException {
            List<VisualizedLayer.Item> items = new ArrayList<>();
            for (Visualized row : rows) {
                items.add(new VisualizedLayer.Item(
                        row, row.channel() == null ? null : layer.concepts().get(row.channel())));
            }
            String model = subject.archive().file().getFileName().toString();
            sheet.write(new VisualizedLayer(
                    model + ", " + layer.name(),
                    Versions.program(),
                    List.of(settings.picture().steps() + " steps, seed "
                            + settings.engine().seed() + ", "
                            + (settings.picture().prior() == null
                                    ? settings.picture().basis() + " basis"
                                    : "generator "
                                            + settings.picture()
                                                    .prior()
                                                    .generator()
                                                    .getFileName())),
                    layer.categories(),
                    items));
        }
    }
}
