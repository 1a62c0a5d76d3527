package org.netdissect.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationCache;
import org.netdissect.activation.CachedLayer;
import org.netdissect.activation.LayerActivations;
import org.netdissect.activation.Quantile;
import org.netdissect.activation.Thresholds;
import org.netdissect.align.Alignment;
import org.netdissect.align.AlignmentCounts;
import org.netdissect.align.AlignmentResult;
import org.netdissect.align.ImageParts;
import org.netdissect.align.LayerScores;
import org.netdissect.align.TopImages;
import org.netdissect.base.InputException;
import org.netdissect.base.Tail;
import org.netdissect.broden.PlaneEncoding;
import org.netdissect.broden.ProbeSet;
import org.netdissect.broden.Selection;
import org.netdissect.report.DetectorTable;
import org.netdissect.report.LayerFindings;
import org.netdissect.report.LayerReport;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Makes the report of a run again from what the run left: {@code run.json}, the thresholds in its tables, its activations
 * in the cache, the probe set, and the network's layers. The network does not run, and the tables stay as they are.
 */
public final class ReportRemake {
    private final Path out;
    private final @Nullable Path otherProbe;
    private final int topImages;
    private final int threads;
    private final StageListener listener;

    /**
     * A report to be made again.
     *
     * @param out the run directory
     * @param probe where the probe set lies now, or null for where it lay
     * @param topImages how many images are shown of each unit
     */
    public ReportRemake(Path out, @Nullable Path probe, int topImages, int threads, StageListener listener) {
        DissectionSettings.checkTopImages(topImages);
        this.out = out;
        this.otherProbe = probe;
        this.topImages = topImages;
        this.threads = threads;
        this.listener = listener;
    }

    /**
     * Writes the report.
     *
     * @throws InputException where the run is incomplete, its activations are gone, or the labels are others now
     */
    public void run() throws IOException {
        SourceRun source = SourceRun.read(out);
        JsonNode run = new RunDirectory(out).run();
        JsonNode settings = run.path("settings");
        JsonNode layers = run.path("layers");
        for (JsonNode layer : layers) {
            requireActivations(layer);
        }
        ProbeSet probe = probe(source, run);
        if (!probe.tablesDigest().equals(settings.path("labels").asText())) {
            throw changed("the tables of the probe set " + probe.folder() + " have changed since the run");
        }
        List<LayerFindings> findings;
        Path array = Path.of(layers.get(0).path("activations").asText());
        try (ActivationCache cache = ActivationCache.openAround(
                array.toAbsolutePath().resolveSibling(""), source.forward().identity())) {
            List<View> views = List.copyOf(source.tables(List.of()).keySet());
            List<String> names = views.stream().map(View::layer).distinct().toList();
            try (OpenLayers open = OpenLayers.of(cache, names)) {
                if (open.layers().size() < names.size()) {
                    throw changed("not all activations of the run are in the cache " + cache.folder());
                }
                findings = align(probe, views, open.layers(), source, settings);
            }
        }
        String rule = settings.has("thresholds")
                ? "thresholds given"
                : "top fraction " + settings.path("top-fraction").asText();
        String basis = RotationSettings.of(settings).wording();
        new ReportStage(out, threads, listener)
                .write(ReportStage.source(source.model(), probe, rule + basis), findings);
    }

    private InputException changed(String what) {
        return new InputException(
                out + ": " + what + "; run 'netdissect dissect' again, which writes the report too (--top-images)");
    }

    private void requireActivations(JsonNode layer) {
        String name = layer.path("name").asText();
        if (!layer.path("activations").isTextual()) {
            throw changed("the run kept no activations of " + name + " (--no-cache)");
        }
        if (!Files.exists(Path.of(layer.path("activations").asText()))) {
            throw changed("the activations of " + name + " are no longer at "
                    + layer.path("activations").asText());
        }
    }

    private ProbeSet probe(SourceRun source, JsonNode run) throws IOException {
        JsonNode inputs = run.path("inputs");
        JsonNode settings = run.path("settings");
        Path folder = otherProbe != null ? otherProbe : source.probe();
        OptionalInt limit =
                inputs.has("limit") ? OptionalInt.of(inputs.path("limit").asInt()) : OptionalInt.empty();
        PlaneEncoding planes = MethodSettings.value(settings, Dissection.LABEL_PLANES, PlaneEncoding.BRODEN);
        ProbeSet probe = ProbeSet.open(folder, planes, doubt -> {})
                .select(new Selection(texts(settings.path("split")), texts(settings.path("categories")), limit));
        Set<Integer> skipped = new HashSet<>();
        run.path("skipped").forEach(image -> skipped.add(image.path("row").asInt()));
        return probe.without(skipped);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private List<LayerFindings> align(
            ProbeSet probe, List<View> views, List<CachedLayer> layers, SourceRun source, JsonNode settings)
            throws IOException {
        MethodSettings method = MethodSettings.of(settings);
        List<String> names = layers.stream().map(CachedLayer::layer).toList();
        LayerPlacements placements = LayerPlacements.of(
                TorchScriptArchive.open(source.model()), names, method.interpolation(), source.forward());
        List<Basis> bases = new ArrayList<>();
        List<LayerActivations> sources = new ArrayList<>();
        for (CachedLayer layer : layers) {
            bases.add(Basis.of(RotationSettings.of(settings), layer.shape().units()));
            sources.add(bases.get(sources.size()).of(layer));
        }
        double iou = settings.path("iou").asDouble();
        try (Baseline baseline = new Baseline(Baseline.recorded(settings), iou, out, probe, method.rules(), listener)) {
            List<Thresholds> thresholds = new ArrayList<>();
            List<Alignment.Target> targets = new ArrayList<>();
            for (View view : views) {
                int place = names.indexOf(view.layer());
                CachedLayer layer = layers.get(place);
                Thresholds own = thresholds(view, layer, probe);
                thresholds.add(own);
                targets.add(new Alignment.Target(
                        place,
                        layer.shape(),
                        view.tail() == Tail.UPPER
                                ? own
                                : LayerThresholds.marking(
                                        own,
                                        bases.get(place).isRotated()
                                                ? least(bases.get(place), sources.get(place), probe)
                                                : least(layer)),
                        placements.of(view.layer()).placement(),
                        new TopImages(layer.shape().units(), topImages),
                        view.tail(),
                        ImageParts.WHOLE,
                        baseline.masks(view.name(), layer.shape().units())));
            }
            List<AlignmentResult> found = new AlignmentStage(probe, method.rules(), threads, listener, baseline)
                    .run(targets, sources, layer -> Optional.empty());
            Map<String, AlignmentCounts> counts = new HashMap<>();
            List<LayerReport> reports = new ArrayList<>();
            for (int i = 0; i < views.size(); i++) {
                View view = views.get(i);
                AlignmentCounts own = found.get(i).counts();
                counts.put(view.name(), own);
                LayerScores scores = LayerScores.of(
                        own, probe.labels(), thresholds.get(i), method.rules().zero());
                reports.add(new LayerReport(
                        view.name(),
                        targets.get(i).shape().map(),
                        scores,
                        probe.categories(),
                        probe.labels(),
                        iou,
                        view.tail()));
                requireSameTable(reports.get(i), settings.has("tail"));
            }
            Function<String, AlignmentCounts> countsOf = name -> Objects.requireNonNull(counts.get(name));
            List<LayerFindings> findings = new ArrayList<>();
            for (LayerReport report : baseline.tell(reports, countsOf, threads, StorageSettings.usualMemory())) {
                TopImages top = found.get(findings.size()).top();
                findings.add(LayerFindings.of(report, countsOf.apply(report.layer()), top));
            }
            return findings;
        }
    }

    private Thresholds thresholds(View view, CachedLayer layer, ProbeSet probe) throws IOException {
        if (layer.shape().images() != probe.images().size()) {
            throw changed(
                    "the probe set " + probe.folder() + " has " + probe.images().size() + " images, and the run had "
                            + layer.shape().images());
        }
        return ThresholdFile.read(new RunDirectory(out).detectors(view.name()))
                .forUnits(layer.shape().units());
    }

    private Thresholds least(CachedLayer layer) throws IOException {
        List<Quantile> least = List.of(Quantile.LEAST);
        return only(new CachedThresholds(StorageSettings.usualMemory(), listener).of(layer, least));
    }

    private Thresholds least(Basis basis, LayerActivations rotated, ProbeSet probe) throws IOException {
        List<Quantile> least = List.of(Quantile.LEAST);
        return only(basis.thresholds(rotated, least, StorageSettings.usualMemory(), threads, probe));
    }

    private static Thresholds only(Map<Quantile, Thresholds> found) {
        return found.values().iterator().next();
    }

    /** The report must not show other numbers than the tables beside it. */
    private void requireSameTable(LayerReport report, boolean tellsTail) throws IOException {
        Path table = new RunDirectory(out).detectors(report.layer());
        if (!Files.readString(table).equals(DetectorTable.csv(report, tellsTail))) {
            throw changed("the labels give other numbers now than those in " + table);
        }
    }
}
