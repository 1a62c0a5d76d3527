package org.netdissect.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.netdissect.base.Digests;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.base.Workers;
import org.netdissect.broden.Category;
import org.netdissect.broden.PlaneEncoding;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.ReadableImages;
import org.netdissect.network.Engines;
import org.netdissect.network.ModelDescription;
import org.netdissect.network.Preprocessing;
import org.netdissect.report.ChartWarmUp;
import org.netdissect.report.LayerFindings;
import org.netdissect.report.LayerReport;
import org.netdissect.report.LayerSummary;
import org.netdissect.report.ReportSource;
import org.netdissect.report.RotationCurve;
import org.netdissect.report.RotationPoint;
import org.netdissect.torchscript.ModuleNode;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Network Dissection of some layers of a network (Bau, Zhou, Khosla, Oliva and Torralba, CVPR 2017): the probe set, the
 * activations with their thresholds, the alignment with concepts, the tables.
 */
public final class Dissection {
    /** Name in run.json. */
    static final String LABEL_PLANES = "label-planes";

    private final DissectionSettings settings;
    private final List<String> commandLine;
    private final List<Requirement> requirements;
    private final StageListener listener;
    private final TappedNetwork network;
    private final Stopwatch watch = new Stopwatch();

    /**
     * A dissection.
     *
     * @param commandLine goes into run.json
     * @param requirements are checked for layers and categories that do not exist before anything is computed; whether
     *     they are met is the caller's question
     */
    public Dissection(
            DissectionSettings settings,
            List<String> commandLine,
            List<Requirement> requirements,
            StageListener listener) {
        this(settings, commandLine, requirements, listener, new ArchiveNetwork());
    }

    /** The same with a network that {@code network} loads. */
    Dissection(
            DissectionSettings settings,
            List<String> commandLine,
            List<Requirement> requirements,
            StageListener listener,
            TappedNetwork network) {
        this.settings = settings;
        this.commandLine = List.copyOf(commandLine);
        this.requirements = List.copyOf(requirements);
        this.listener = listener;
        this.network = network;
    }

    /**
     * Runs all stages and writes the run directory.
     *
     * @throws InputException where model, layer, probe set or an option is wrong
     * @throws org.netdissect.base.RunException where the run fails
     */
    public DissectionResult run() throws IOException {
        Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        // the model's digest takes as long as reading its code, and both take one core
        Future<String> modelDigest = Workers.start(() -> Digests.ofFile(settings.model()));
        if (settings.hasReport()) {
            ChartWarmUp.start();
        }
        TorchScriptArchive archive = TorchScriptArchive.open(settings.model());
        ModelDescription description = ModelDescription.beside(settings.model());
        List<String> layers = layers(archive, description);
        Optional<ThresholdFile> given = settings.thresholds() == null
                ? Optional.empty()
                : Optional.of(ThresholdFile.read(settings.thresholds()));
        ReadableImages images = images();
        ProbeSet probe = images.probe();
        List<String> categories =
                probe.categories().stream().map(Category::name).toList();
        List<View> views = View.of(
                layers,
                settings.tail(),
                archive.modules().stream().map(ModuleNode::name).toList());
        List<String> names = views.stream().map(View::name).toList();
        requirements.forEach(requirement -> requirement.check(names, categories, settings.chance() != null));
        if (archive.wasInTrainingMode()) {
            listener.note(LayerListing.TRAINING_MODE);
        }
        ForwardSettings forward = forwardSettings(archive, Workers.get(modelDigest), probe, description, layers);
        Map<String, Object> recorded = recordedSettings(forward, probe, layers);
        RunDirectory directory = new RunDirectory(settings.out());
        directory.check(recorded, settings.overwrite());
        LayerPlacements placements =
                LayerPlacements.of(archive, layers, settings.method().interpolation(), forward);
        placements.notes().forEach(listener::note);
        watch.lap("prepare");

        boolean resize = settings.input().size(description).isPresent();
        Set<Integer> batches = new TreeSet<>();
        TappedNetwork.Source source = new TappedNetwork.Source(
                archive, probe, forward, settings.engine(), resize, batches, listener, network);
        LayerTables layerTables = new LayerTables(settings, placements, probe);
        Map<String, LayerResult> results;
        List<LayerReport> reports;
        try (Baseline baseline = new Baseline(
                settings.chance(),
                settings.iou(),
                settings.out(),
                probe,
                settings.method().rules(),
                listener)) {
            results = results(source, placements, views, given, recorded, baseline);
            TiedTails.notes(results.values()).forEach(listener::note);
            reports = told(baseline, layerTables, results);
        }
        List<LayerTables.Tables> tables = write(directory, results, reports, layerTables);
        watch.lap("tables");
        Optional<RotationCurve> curve = curve(source, placements, reports);
        if (settings.hasReport()) {
            new ReportStage(settings.out(), source.engine().threads(), listener)
                    .write(reportSource(probe), findings(reports, results));
            watch.lap("report");
        }
        directory.end(new RunRecord(
                RunRecord.SCHEMA_VERSION,
                commandLine,
                started.toString(),
                Versions.all(source.machine()),
                inputs(),
                recorded,
                seeds(),
                images.skipped(),
                layerRecords(results),
                List.copyOf(batches),
                watch.seconds()));
        // ROOT/KEY/LAYER/activations.npy
        Optional<Path> cache = results.values().stream()
                .flatMap(result -> result.origin().activations().stream())
                .findFirst()
                .map(array -> array.resolveSibling("").resolveSibling(""));
        List<LayerSummary> summaries =
                tables.stream().map(LayerTables.Tables::summary).toList();
        return new DissectionResult(settings.out(), reports, summaries, cache, watch.seconds(), curve);
    }

    /** The axis-alignment experiment, where it was asked for. */
    private Optional<RotationCurve> curve(
            TappedNetwork.Source source, LayerPlacements placements, List<LayerReport> reports) throws IOException {
        Path cache = settings.storage().cache();
        if (settings.rotation().sweep().isEmpty() || cache == null) {
            return Optional.empty();
        }
        List<RotationPoint> points = new RotationSweep(settings, source, placements).run(cache, reports);
        List<String> categories =
                source.probe().categories().stream().map(Category::name).toList();
        RotationCurve curve = new RotationCurve(categories, settings.method().detectors(), points);
        curve.write(settings.out()).ifPresent(listener::note);
        watch.lap("rotations");
        return Optional.of(curve);
    }

    /** Of all random numbers of the run. */
    private List<Long> seeds() {
        Set<Long> seeds = new LinkedHashSet<>(settings.rotation().seeds());
        if (settings.chance() != null) {
            seeds.add(settings.chance().seed());
        }
        return List.copyOf(seeds);
    }

    private ReadableImages images() throws IOException {
        ProbeDoubts doubts = new ProbeDoubts();
        ProbeSet all =
                ProbeSet.open(settings.probe(), settings.planes(), doubts).select(settings.selection());
        doubts.tell(all, listener);
        if (!settings.skipUnreadable()) {
            all.tryPlanes();
            return new ReadableImages(all, List.of());
        }
        ReadableImages images;
        try (StageListener.Stage stage =
                listener.begin("reading images", 0, all.images().size())) {
            images = ReadableImages.of(all, settings.engine().threads(), stage);
        }
        if (!images.skipped().isEmpty()) {
            listener.note("skipping " + images.skipped().size() + " of "
                    + all.images().size() + " images that cannot be read, all listed in run.json; the first: "
                    + images.skipped().get(0).reason());
        }
        return images;
    }

    /** Stages 2 and 3, by view, in order: from the cache, and without it for what has no room there. */
    private Map<String, LayerResult> results(
            TappedNetwork.Source source,
            LayerPlacements placements,
            List<View> views,
            Optional<ThresholdFile> given,
            Map<String, Object> recorded,
            Baseline baseline)
            throws IOException {
        List<String> layers = placements.layers();
        Map<String, LayerResult> found = new HashMap<>();
        Path cache = settings.storage().cache();
        if (cache != null) {
            found.putAll(new CachedStages(settings, source, placements, given, watch, baseline).run(cache, layers));
        }
        List<String> rest = views.stream()
                .filter(view -> !found.containsKey(view.name()))
                .map(View::layer)
                .distinct()
                .toList();
        if (!rest.isEmpty()) {
            settings.rotation().option().ifPresent(option -> {
                throw new RunException(option + " computes from the activation cache, which has no room for "
                        + String.join(", ", rest)
                        + "; choose a folder on another disk with --cache DIR, or fewer layers");
            });
            ThresholdRecord record = new ThresholdRecord(
                    settings.out(),
                    recorded,
                    source.machine(),
                    settings.storage().memory());
            found.putAll(new StreamedStages(settings, source, placements, given, record, watch, baseline).run(rest));
        }
        Map<String, LayerResult> ordered = new LinkedHashMap<>();
        views.forEach(view -> ordered.put(view.name(), Objects.requireNonNull(found.get(view.name()))));
        return ordered;
    }

    private List<String> layers(TorchScriptArchive archive, ModelDescription description) {
        List<String> wanted = settings.layers();
        if (wanted.isEmpty()) {
            wanted = description.layers();
        }
        if (wanted.isEmpty()) {
            throw new InputException(
                    "no layer given: use --layer NAME; 'netdissect layers " + settings.model() + "' lists them");
        }
        List<String> layers = archive.select(wanted);
        if (settings.thresholds() != null && layers.size() != 1) {
            throw new InputException(
                    "--thresholds holds one layer's thresholds, but " + layers.size() + " layers are chosen");
        }
        archive.modules().stream()
                .filter(module -> module.uses() > 1 && layers.contains(module.name()))
                .forEach(module -> listener.note("layer " + module.name() + " is used " + module.uses()
                        + " times in one forward pass; its last output is read"));
        return layers;
    }

    private ForwardSettings forwardSettings(
            TorchScriptArchive archive,
            String modelDigest,
            ProbeSet probe,
            ModelDescription description,
            List<String> layers)
            throws IOException {
        Preprocessing preprocessing =
                settings.input().preprocessing(description, archive.input().channels());
        if (!settings.input().isComplete(description, archive.input().channels())) {
            listener.note("preprocessing is " + preprocessing + ": what was not given is ImageNet's; see --preprocess, "
                    + "--channels, --pixel-scale, --mean and --std");
        }
        GridSize inputSize =
                settings.input().size(description).orElse(probe.images().get(0).imageSize());
        return new ForwardSettings(
                modelDigest,
                archive.wasInTrainingMode(),
                probe.imagesDigest(settings.engine().threads()),
                probe.images().size(),
                preprocessing,
                inputSize,
                settings.engine().batchUsed(),
                settings.engine().formatUsed(),
                Engines.identity(settings.engine().device()),
                settings.storage().precision(),
                settings.input().axes(description, layers));
    }

    /** Scored, and with how much is chance where that was asked for. */
    private List<LayerReport> told(Baseline baseline, LayerTables layerTables, Map<String, LayerResult> results)
            throws IOException {
        List<LayerReport> reports =
                results.values().stream().map(layerTables::report).toList();
        if (settings.chance() == null) {
            return reports;
        }
        List<LayerReport> told = baseline.tell(
                reports,
                name -> Objects.requireNonNull(results.get(name)).counts(),
                settings.engine().threads(),
                settings.storage().memory());
        watch.lap(Baseline.STAGE);
        return told;
    }

    private static List<LayerFindings> findings(List<LayerReport> reports, Map<String, LayerResult> results) {
        List<LayerFindings> findings = new ArrayList<>();
        for (LayerReport report : reports) {
            LayerResult result = Objects.requireNonNull(results.get(report.layer()));
            findings.add(LayerFindings.of(report, result.counts(), result.top()));
        }
        return findings;
    }

    private ReportSource reportSource(ProbeSet probe) {
        String rule = settings.thresholds() == null
                ? "top fraction " + settings.topFraction().toPlainString()
                : "thresholds of " + settings.thresholds().getFileName();
        return ReportStage.source(
                settings.model(), probe, rule + settings.rotation().wording());
    }

    /** Where the inputs lie, so that the report can be made again from elsewhere. */
    private Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("model", settings.model().toString());
        inputs.put("probe", settings.probe().toString());
        inputs.put("folder", Path.of("").toAbsolutePath().toString());
        settings.selection().limit().ifPresent(limit -> inputs.put("limit", Integer.toString(limit)));
        return inputs;
    }

    private static List<LayerTables.Tables> write(
            RunDirectory directory,
            Map<String, LayerResult> results,
            List<LayerReport> reports,
            LayerTables layerTables)
            throws IOException {
        directory.begin(List.copyOf(results.keySet()));
        List<LayerTables.Tables> tables = new ArrayList<>();
        for (LayerReport report : reports) {
            LayerTables.Tables own = layerTables.of(Objects.requireNonNull(results.get(report.layer())), report);
            directory.write(own.summary(), own.files());
            tables.add(own);
        }
        return tables;
    }

    /** All that the tables depend on. */
    private Map<String, Object> recordedSettings(ForwardSettings forward, ProbeSet probe, List<String> layers)
            throws IOException {
        Map<String, Object> recorded = new LinkedHashMap<>();
        recorded.put("layers", layers);
        recorded.put("split", settings.selection().splits());
        recorded.put("categories", settings.selection().categories());
        if (settings.planes() != PlaneEncoding.BRODEN) {
            // as for --tail below
            recorded.put(LABEL_PLANES, settings.planes().toString());
        }
        recorded.put("top-fraction", settings.topFraction().toPlainString());
        if (settings.thresholds() != null) {
            recorded.put("thresholds", Digests.ofFile(settings.thresholds()));
        }
        recorded.put("iou", settings.iou());
        if (settings.tail() != TailChoice.UPPER) {
            // not named where it is the default, so that runs from before there was a choice have the same settings
            recorded.put("tail", settings.tail().toString());
        }
        if (settings.sweep().hasMore()) {
            recorded.put("sweep", settings.sweep().recorded());
        }
        recorded.putAll(settings.method().recorded());
        recorded.putAll(settings.rotation().recorded());
        recorded.putAll(Baseline.record(settings.chance()));
        recorded.put("labels", probe.tablesDigest());
        forward.identity().fields().forEach((name, value) -> recorded.put("activations." + name, value));
        return recorded;
    }

    private List<RunRecord.Layer> layerRecords(Map<String, LayerResult> results) {
        RunDirectory directory = new RunDirectory(settings.out());
        List<RunRecord.Layer> layers = new ArrayList<>();
        results.forEach((name, result) -> layers.add(
                result.recorded(name, directory.layerFolder(name).getFileName().toString())));
        return layers;
    }
}
