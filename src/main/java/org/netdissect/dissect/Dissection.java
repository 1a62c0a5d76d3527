package org.netdissect.dissect;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.base.StageListener;
import org.netdissect.labels.Category;
import org.netdissect.report.ReportFiles;
import org.netdissect.report.chart.RotationCurve;
import org.netdissect.result.LayerReport;
import org.netdissect.result.LayerSummary;
import org.netdissect.result.Requirement;
import org.netdissect.result.RotationPoint;
import org.netdissect.result.VisualizationFolder;
import org.netdissect.run.DissectionSettings;
import org.netdissect.run.RunDirectory;
import org.netdissect.run.RunRecord;
import org.netdissect.run.RunVisualizations;
import org.netdissect.run.Stopwatch;
import org.netdissect.run.Versions;
import org.netdissect.run.View;

/**
 * Network Dissection of some layers of a network (Bau, Zhou, Khosla, Oliva and Torralba, CVPR 2017). {@link #run}
 * follows section 2.2: thresholds of activations, overlap of masks with concepts, IoU scores.
 */
public final class Dissection {
    private final DissectionSettings settings;
    private final List<String> commandLine;
    private final List<Requirement> requirements;
    private final StageListener listener;
    private final NetworkLoader loader;
    private final Stopwatch watch = new Stopwatch();

    /**
     * A dissection.
     *
     * @param commandLine goes into run.json
     * @param requirements checked for unknown layers and categories before anything is computed; the caller checks
     *     whether they are met
     */
    public Dissection(
            DissectionSettings settings,
            List<String> commandLine,
            List<Requirement> requirements,
            StageListener listener) {
        this(settings, commandLine, requirements, listener, new ArchiveLoader());
    }

    /** A dissection of the network that {@code loader} loads. */
    Dissection(
            DissectionSettings settings,
            List<String> commandLine,
            List<Requirement> requirements,
            StageListener listener,
            NetworkLoader loader) {
        this.settings = settings;
        this.commandLine = List.copyOf(commandLine);
        this.requirements = List.copyOf(requirements);
        this.listener = listener;
        this.loader = loader;
    }

    /**
     * Runs all stages and writes the run directory.
     *
     * @throws InputException where model, layer, probe set or an option is wrong
     * @throws org.netdissect.base.RunException where the run fails
     */
    public DissectionResult run() throws IOException {
        Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Inputs inputs = Inputs.open(settings, requirements, listener, loader);
        RunDirectory directory = new RunDirectory(settings.output().folder());
        directory.check(inputs.settings(), settings.output().overwrite());
        inputs.placements().notes().forEach(listener::note);
        watch.lap("prepare");

        LayerTables tables = new LayerTables(inputs);
        Map<String, LayerResult> results;
        List<LayerReport> reports;
        try (BaselineStage baseline = inputs.baseline()) {
            // activations A_k, thresholds T_k, and the overlap of the masks M_k with the labels L_c
            results = align(inputs, baseline);
            results.values().forEach(result -> result.tiedNote().ifPresent(listener::note));
            // IoU(k, c), and the concept of each unit
            reports = tables.reports(results, baseline);
        }
        if (settings.baseline() != null) {
            watch.lap(BaselineStage.STAGE);
        }
        List<LayerSummary> summaries = writeTables(directory, tables, results, reports);
        watch.lap("tables");
        RotationCurve curve = rotations(inputs, reports).orElse(null);
        if (settings.output().hasReport()) {
            new ReportStage(inputs).write(results, reports, visualizations(inputs));
            watch.lap("report");
        }
        directory.complete(record(inputs, started, results, directory));
        return new DissectionResult(
                settings.output().folder(), reports, summaries, cache(results), watch.seconds(), curve);
    }

    /** Stages 2 and 3, by view, in order. Layers for which the cache has no room are computed without it. */
    private Map<String, LayerResult> align(Inputs inputs, BaselineStage baseline) throws IOException {
        Map<String, LayerResult> results = new HashMap<>();
        Path cache = settings.storage().cache();
        if (cache != null) {
            results.putAll(new CachedStages(inputs, baseline, watch).run(cache));
        }
        List<String> uncached = inputs.views().stream()
                .filter(view -> !results.containsKey(view.name()))
                .map(View::layer)
                .distinct()
                .toList();
        if (!uncached.isEmpty()) {
            settings.rotation().option().ifPresent(option -> {
                throw new RunException(option + " computes from the activation cache, which has no room for "
                        + String.join(", ", uncached)
                        + "; choose a folder on another disk with --cache DIR, or fewer layers");
            });
            results.putAll(new StreamedStages(inputs, baseline, watch).run(uncached));
        }
        Map<String, LayerResult> ordered = new LinkedHashMap<>();
        inputs.views().forEach(view -> ordered.put(view.name(), Objects.requireNonNull(results.get(view.name()))));
        return ordered;
    }

    private List<LayerSummary> writeTables(
            RunDirectory directory, LayerTables tables, Map<String, LayerResult> results, List<LayerReport> reports)
            throws IOException {
        Path out = settings.output().folder();
        directory.start(List.copyOf(results.keySet()));
        new ReportFiles(out).clear();
        RotationCurve.clear(out);
        List<LayerSummary> summaries = new ArrayList<>();
        for (LayerReport report : reports) {
            LayerTables.Tables layer = tables.of(Objects.requireNonNull(results.get(report.layer())), report);
            directory.write(layer.summary(), layer.files());
            summaries.add(layer.summary());
        }
        return summaries;
    }

    /** Visualisations in the run directory from an earlier run of the same network. */
    private @Nullable VisualizationFolder visualizations(Inputs inputs) throws IOException {
        try {
            return RunVisualizations.USUAL.find(settings.output().folder(), inputs.settings());
        } catch (InputException e) {
            listener.note("the report is without visualisations: " + e.getMessage());
            return null;
        }
    }

    /** The axis-alignment experiment, if it was asked for. */
    private Optional<RotationCurve> rotations(Inputs inputs, List<LayerReport> reports) throws IOException {
        Path cache = settings.storage().cache();
        if (settings.rotation().sweep().isEmpty() || cache == null) {
            return Optional.empty();
        }
        List<RotationPoint> points = new RotationSweep(inputs).run(cache, reports);
        List<String> categories =
                inputs.probe().categories().stream().map(Category::name).toList();
        RotationCurve curve =
                new RotationCurve(categories, inputs.settings().method().detectors(), points);
        curve.write(settings.output().folder()).ifPresent(listener::note);
        watch.lap("rotations");
        return Optional.of(curve);
    }

    private RunRecord record(Inputs inputs, Instant started, Map<String, LayerResult> results, RunDirectory directory) {
        List<RunRecord.Layer> layers = new ArrayList<>();
        results.forEach((name, result) -> layers.add(
                result.recorded(name, directory.layerFolder(name).getFileName().toString())));
        return new RunRecord(
                commandLine,
                started.toString(),
                Versions.all(inputs.network().machine()),
                settings.source().network().file(),
                settings.source().probe(),
                inputs.settings(),
                inputs.skipped(),
                layers,
                List.copyOf(inputs.network().batches()),
                settings.output().recorded(),
                watch.seconds());
    }

    /** The folder of the run's activations, {@code ROOT/KEY} of {@code ROOT/KEY/LAYER/activations.npy}. */
    private static @Nullable Path cache(Map<String, LayerResult> results) {
        return results.values().stream()
                .map(result -> result.origin().activations())
                .filter(Objects::nonNull)
                .findFirst()
                .map(array -> array.resolveSibling("").resolveSibling(""))
                .orElse(null);
    }
}
