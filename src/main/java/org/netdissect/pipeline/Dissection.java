package org.netdissect.pipeline;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.netdissect.activation.ActivationCache;
import org.netdissect.activation.DamagedCacheException;
import org.netdissect.align.Alignment;
import org.netdissect.align.AlignmentCounts;
import org.netdissect.align.LayerScores;
import org.netdissect.align.TopImages;
import org.netdissect.base.Digests;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.broden.Category;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.ReadableImages;
import org.netdissect.network.Engines;
import org.netdissect.network.ModelDescription;
import org.netdissect.network.Preprocessing;
import org.netdissect.report.LayerFindings;
import org.netdissect.report.LayerReport;
import org.netdissect.report.LayerSummary;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Network Dissection of some layers of a network (Bau, Zhou, Khosla, Oliva and Torralba, CVPR 2017): the probe set, the
 * activations with their thresholds, the alignment with concepts, the tables.
 */
public final class Dissection {
    private final DissectionSettings settings;
    private final List<String> commandLine;
    private final List<Requirement> requirements;
    private final StageListener listener;
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
        this.settings = settings;
        this.commandLine = List.copyOf(commandLine);
        this.requirements = List.copyOf(requirements);
        this.listener = listener;
    }

    /**
     * Runs all stages and writes the run directory.
     *
     * @throws InputException where model, layer, probe set or an option is wrong
     * @throws org.netdissect.base.RunException where the run fails
     */
    public DissectionResult run() throws IOException {
        Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
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
        requirements.forEach(requirement -> requirement.check(layers, categories));
        ForwardSettings forward = forwardSettings(probe, description);
        Map<String, Object> recorded = recordedSettings(forward, probe, layers);
        RunDirectory directory = new RunDirectory(settings.out());
        directory.check(recorded, settings.overwrite());
        watch.lap("prepare");

        try (ActivationCache cache = ActivationCache.open(settings.cache(), forward.identity())) {
            cache.recordUse(settings.model(), settings.probe());
            boolean resize = settings.input().size(description).isPresent();
            TappedNetwork.Source source =
                    new TappedNetwork.Source(archive, probe, forward, settings.engine(), resize, listener);
            List<RunRecord.Layer> records = new ArrayList<>();
            List<LayerFindings> findings = aligned(cache, source, layers, given, records);
            List<LayerReport> reports =
                    findings.stream().map(LayerFindings::report).toList();
            List<LayerSummary> summaries = write(directory, reports, probe);
            watch.lap("tables");
            if (settings.hasReport()) {
                new ReportStage(settings, probe, listener).write(findings);
                watch.lap("report");
            }
            directory.end(new RunRecord(
                    RunRecord.SCHEMA_VERSION,
                    commandLine,
                    started.toString(),
                    Versions.all(),
                    Map.of(
                            "model", settings.model().toString(),
                            "probe", settings.probe().toString()),
                    recorded,
                    List.of(),
                    images.skipped(),
                    records,
                    watch.seconds()));
            return new DissectionResult(settings.out(), reports, summaries, cache.folder(), watch.seconds());
        }
    }

    private ReadableImages images() throws IOException {
        ProbeSet all = ProbeSet.open(settings.probe()).select(settings.selection());
        if (!settings.skipUnreadable()) {
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

    /** Stages 2 and 3; damage in the cache is repaired, once in each layer. Adds the records of the layers. */
    private List<LayerFindings> aligned(
            ActivationCache cache,
            TappedNetwork.Source source,
            List<String> layers,
            Optional<ThresholdFile> given,
            List<RunRecord.Layer> records)
            throws IOException {
        Set<String> repaired = new HashSet<>();
        while (true) {
            try (OpenLayers open = new OpenLayers(new ActivationStage(settings, source).run(cache, layers))) {
                watch.lap("activations");
                List<LayerFindings> findings = align(source.probe(), open.layers(), given);
                watch.lap("alignment");
                records.addAll(layerRecords(open.layers()));
                return findings;
            } catch (DamagedCacheException e) {
                if (!repaired.add(e.layer())) {
                    throw e;
                }
                new CacheRepair(source, settings.precision()).run(cache, e.layer());
                watch.lap("repair");
            }
        }
    }

    /** Layers that are closed together. */
    private record OpenLayers(Map<String, ActivationStage.Result> layers) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            for (ActivationStage.Result result : layers.values()) {
                result.activations().close();
            }
        }
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

    private ForwardSettings forwardSettings(ProbeSet probe, ModelDescription description) throws IOException {
        Preprocessing preprocessing = settings.input().preprocessing(description);
        if (!settings.input().isComplete(description)) {
            listener.note("preprocessing is " + preprocessing + ": what was not given is ImageNet's; see --preprocess, "
                    + "--channels, --pixel-scale, --mean and --std");
        }
        GridSize inputSize =
                settings.input().size(description).orElse(probe.images().get(0).imageSize());
        return new ForwardSettings(
                Digests.ofFile(settings.model()),
                probe.imagesDigest(settings.engine().threads()),
                probe.images().size(),
                preprocessing,
                inputSize,
                settings.engine().batchUsed(),
                settings.engine().formatUsed(),
                Engines.identity(settings.engine().device()),
                settings.precision());
    }

    private List<LayerFindings> align(
            ProbeSet probe, Map<String, ActivationStage.Result> activations, Optional<ThresholdFile> given)
            throws IOException {
        List<Alignment.Layer> inputs = new ArrayList<>();
        for (ActivationStage.Result result : activations.values()) {
            int units = result.activations().shape().units();
            inputs.add(new Alignment.Layer(
                    result.activations(),
                    given.map(file -> file.forUnits(units)).orElse(result.thresholds()),
                    new TopImages(units, Math.max(0, settings.topImages()))));
        }
        List<AlignmentCounts> counts;
        try (StageListener.Stage stage =
                listener.begin("alignment", 0, probe.images().size())) {
            counts = new Alignment(
                            probe, settings.interpolation(), settings.engine().threads())
                    .run(inputs, stage);
        }
        List<LayerFindings> findings = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Alignment.Layer input = inputs.get(i);
            LayerReport report = new LayerReport(
                    input.activations().layer(),
                    input.activations().shape().map(),
                    LayerScores.of(counts.get(i), probe.labels(), input.thresholds()),
                    probe.categories(),
                    probe.labels(),
                    settings.iou());
            findings.add(LayerFindings.of(report, counts.get(i), input.top()));
        }
        return findings;
    }

    private List<LayerSummary> write(RunDirectory directory, List<LayerReport> reports, ProbeSet probe)
            throws IOException {
        directory.begin(reports.stream().map(LayerReport::layer).toList());
        List<LayerSummary> summaries = new ArrayList<>();
        for (LayerReport report : reports) {
            LayerSummary summary = LayerSummary.of(
                    report,
                    probe.images().size(),
                    thresholdSource(),
                    settings.interpolation().toString());
            directory.write(report, summary);
            summaries.add(summary);
        }
        return summaries;
    }

    private String thresholdSource() {
        return settings.thresholds() == null
                ? settings.topFraction().stripTrailingZeros().toPlainString()
                : settings.thresholds().toString();
    }

    /** All that the tables depend on. */
    private Map<String, Object> recordedSettings(ForwardSettings forward, ProbeSet probe, List<String> layers)
            throws IOException {
        Map<String, Object> recorded = new LinkedHashMap<>();
        recorded.put("layers", layers);
        recorded.put("split", settings.selection().splits());
        recorded.put("categories", settings.selection().categories());
        recorded.put("top-fraction", settings.topFraction().stripTrailingZeros().toPlainString());
        if (settings.thresholds() != null) {
            recorded.put("thresholds", Digests.ofFile(settings.thresholds()));
        }
        recorded.put("iou", settings.iou());
        recorded.put("interpolation", settings.interpolation().toString());
        recorded.put("labels", probe.tablesDigest());
        forward.identity().fields().forEach((name, value) -> recorded.put("activations." + name, value));
        return recorded;
    }

    private List<RunRecord.Layer> layerRecords(Map<String, ActivationStage.Result> activations) {
        RunDirectory directory = new RunDirectory(settings.out());
        List<RunRecord.Layer> layers = new ArrayList<>();
        activations.forEach((name, result) -> {
            GridSize map = result.activations().shape().map();
            layers.add(new RunRecord.Layer(
                    name,
                    directory.layerFolder(name).getFileName().toString(),
                    result.activations().shape().units(),
                    List.of(map.height(), map.width()),
                    result.activations().path().toString(),
                    result.wasCached()));
        });
        return layers;
    }
}
