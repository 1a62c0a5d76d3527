package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.cache.ActivationCache;
import org.netdissect.architecture.Generated;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.architecture.NetworkFile;
import org.netdissect.base.InputException;
import org.netdissect.base.StageListener;
import org.netdissect.broden.ProbeSet;
import org.netdissect.network.ComputeDevice;
import org.netdissect.result.LayerReport;
import org.netdissect.result.VisualizationFolder;
import org.netdissect.run.DissectionSettings;
import org.netdissect.run.EngineSettings;
import org.netdissect.run.ForwardSettings;
import org.netdissect.run.LayerPlacements;
import org.netdissect.run.RunDirectory;
import org.netdissect.run.RunFile;
import org.netdissect.run.RunSettings;
import org.netdissect.run.RunVisualizations;
import org.netdissect.run.Stopwatch;
import org.netdissect.run.StorageSettings;
import org.netdissect.run.View;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Makes the report of a finished run again, by the stages of a dissection with the settings of {@code run.json}. The
 * network does not run: its activations must be in the cache. The tables do not change.
 */
public final class ReportRemake {
    private static final NetworkLoader NO_NETWORK = (source, layers, scratch) -> {
        throw new IllegalStateException("a report needs the network for " + layers);
    };

    private static final int USUAL_TOP_IMAGES = 10;

    private final Path out;
    private final @Nullable Path probe;
    private final @Nullable Integer topImages;
    private final @Nullable Integer leastImages;
    private final RunVisualizations visualizations;
    private final int threads;
    private final StageListener listener;

    /**
     * A report to be made again.
     *
     * @param out the run directory
     * @param probe folder of the probe set, or null if it has not moved
     * @param topImages number of most activating images shown for each unit, or null for as many as the run's report
     * @param leastImages number of least activating images shown for each unit, or null likewise
     */
    public ReportRemake(
            Path out,
            @Nullable Path probe,
            @Nullable Integer topImages,
            @Nullable Integer leastImages,
            RunVisualizations visualizations,
            int threads,
            StageListener listener) {
        this.out = out;
        this.probe = probe;
        this.topImages = topImages;
        this.leastImages = leastImages;
        this.visualizations = visualizations;
        this.threads = threads;
        this.listener = listener;
    }

    /**
     * Writes the report.
     *
     * @throws InputException if the run is incomplete, its activations are gone, or the labels have changed
     */
    public void run() throws IOException {
        RunFile run = RunFile.read(out);
        DissectionSettings.Output output = new DissectionSettings.Output(
                out,
                false,
                topImages != null ? topImages : run.shown(RunFile.TOP_IMAGES, USUAL_TOP_IMAGES),
                leastImages != null ? leastImages : run.shown(RunFile.LEAST_IMAGES, 0));
        List<RunFile.Layer> layers = run.layers();
        layers.forEach(this::requireActivations);
        RunSettings settings = run.settings();
        VisualizationFolder shown = visualizations.find(out, settings);
        Inputs inputs = inputs(run, settings, output);
        LayerTables tables = new LayerTables(inputs);
        Map<String, LayerResult> results;
        List<LayerReport> reports;
        try (ActivationCache cache = ActivationCache.openAround(
                        activations(layers.get(0)).toAbsolutePath().resolveSibling(""),
                        settings.forward().identity());
                BaselineStage baseline = inputs.baseline()) {
            if (!cache.complete().containsAll(settings.layers())) {
                throw changed("not all activations of the run are in the cache " + cache.folder());
            }
            results = new CachedStages(inputs, baseline, new Stopwatch()).read(cache);
            for (LayerResult result : results.values()) {
                requireSameTable(tables.of(result, tables.report(result)));
            }
            reports = tables.reports(results, baseline);
        }
        new ReportStage(inputs).write(results, reports, shown);
    }

    /** Opens the run's inputs. The network is used only for the places of its units. */
    private Inputs inputs(RunFile run, RunSettings settings, DissectionSettings.Output output) throws IOException {
        ForwardSettings forward = settings.forward();
        ProbeSet images = ProbeSet.open(probe != null ? probe : run.probe(), settings.planes(), doubt -> {})
                .select(settings.selection())
                .without(run.skippedRows());
        if (!images.tablesDigest().equals(settings.labels())) {
            throw changed("the tables of the probe set " + images.folder() + " have changed since the run");
        }
        if (images.images().size() != forward.imageCount()) {
            throw changed("the probe set " + images.folder() + " has "
                    + images.images().size() + " images, and the run had " + forward.imageCount());
        }
        Generated generated = forward.generated();
        TorchScriptArchive archive = NetworkFile.open(
                        generated == null ? NetworkChoice.of(run.model()) : generated.in(run.model()))
                .archive();
        List<View> views = View.of(settings.layers(), settings.tail(), Inputs.names(archive));
        EngineSettings engine = new EngineSettings(forward.batch(), ComputeDevice.CPU, threads, forward.format());
        return new Inputs(
                settings,
                new ProbedNetwork(archive, images, forward, engine, false, new TreeSet<>(), listener, NO_NETWORK),
                LayerPlacements.of(archive, settings.layers(), settings.method().interpolation(), forward),
                views,
                settings.thresholds() == null
                        ? null
                        : ThresholdFile.read(detectors(views.get(0).name())),
                List.of(),
                new StorageSettings(null, forward.precision(), StorageSettings.usualMemory()),
                output);
    }

    private Path detectors(String view) {
        return new RunDirectory(out).detectors(view);
    }

    private InputException changed(String what) {
        return new InputException(
                out + ": " + what + "; run 'netdissect dissect' again, which writes the report too (--top-images)");
    }

    private void requireActivations(RunFile.Layer layer) {
        if (layer.activations() == null) {
            throw changed("the run kept no activations of " + layer.name() + " (--no-cache)");
        }
        if (!Files.exists(Path.of(layer.activations()))) {
            throw changed("the activations of " + layer.name() + " are no longer at " + layer.activations());
        }
    }

    private static Path activations(RunFile.Layer layer) {
        return Path.of(String.valueOf(layer.activations()));
    }

    /** Requires that the report shows the numbers of the tables beside it. */
    private void requireSameTable(LayerTables.Tables tables) throws IOException {
        Path table = detectors(tables.summary().layer());
        String then = Files.readString(table);
        String now = Objects.requireNonNull(tables.files().get(RunDirectory.DETECTORS));
        if (!then.equals(now) && !then.equals(withoutTied(now))) {
            throw changed("the labels give other numbers now than those in " + table);
        }
    }

    /** The table as earlier versions wrote it, without the column {@code tied}. */
    private static String withoutTied(String csv) {
        return csv.replaceAll("(?m),tied$|(?<=,(?:upper|lower)),[01]$", "");
    }
}
