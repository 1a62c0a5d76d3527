package org.netdissect.dissect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.cache.CachedLayer;
import org.netdissect.activation.cache.DerivedFiles;
import org.netdissect.align.AlignmentCounts;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.MaskFile;
import org.netdissect.base.StageListener;
import org.netdissect.baseline.BaselineAnalysis;
import org.netdissect.baseline.BaselineCodec;
import org.netdissect.baseline.BaselineMethod;
import org.netdissect.baseline.BaselineSample;
import org.netdissect.baseline.BaselineSettings;
import org.netdissect.baseline.LayerBaseline;
import org.netdissect.baseline.LayerDraws;
import org.netdissect.broden.ProbeSet;
import org.netdissect.result.BaselineText;
import org.netdissect.result.LayerReport;

/**
 * The permutation baseline, computed after alignment from masks in temporary files of the run directory. Draws of the
 * quick method are stored beside the activations, so that a run from the cache needs no masks. Without settings the
 * stage does nothing.
 */
final class BaselineStage implements AutoCloseable {
    static final String STAGE = "baseline";
    private static final double MUCH_UNPAIRED = 0.1;

    private final @Nullable BaselineSettings settings;
    private final double iouThreshold;
    private final Path out;
    private final ProbeSet probe;
    private final AlignmentRules rules;
    private final StageListener listener;
    /** positions of the images whose masks are needed */
    private final int[] sample;
    /** by layer */
    private final Map<String, MaskFile> masks = new HashMap<>();
    /** files in the cache, for draws by these masks */
    private final Map<MaskFile, StoredDraws> files = new ConcurrentHashMap<>();

    /** draws of an earlier run by these masks, read from the cache */
    private final Map<MaskFile, LayerDraws> stored = new ConcurrentHashMap<>();

    private record StoredDraws(DerivedFiles files, String key) {}

    /**
     * A baseline.
     *
     * @param settings null for no baseline
     * @param iouThreshold a detector's score is greater
     */
    BaselineStage(
            @Nullable BaselineSettings settings,
            double iouThreshold,
            Path out,
            ProbeSet probe,
            AlignmentRules rules,
            StageListener listener) {
        this.settings = settings;
        this.iouThreshold = iouThreshold;
        this.out = out;
        this.probe = probe;
        this.rules = rules;
        this.listener = listener;
        this.sample =
                settings == null ? new int[0] : BaselineSample.of(probe.images().size(), settings);
    }

    /** Opens the file for a layer's masks, or null without a baseline. The file of an earlier try is closed. */
    @Nullable
    MaskFile masks(String layer, int units) throws IOException {
        if (settings == null) {
            return null;
        }
        MaskFile made = new MaskFile(out, images(), sample, units);
        MaskFile old = masks.put(layer, made);
        if (old != null) {
            old.close();
        }
        return made;
    }

    /** Whether draws are stored beside the activations; draws of the full method would be too many. */
    boolean storesDraws() {
        return settings != null && settings.method() == BaselineMethod.QUICK;
    }

    /**
     * Reads the stored draws of a layer. Returns whether there are any, so that its masks are not needed.
     *
     * @param layerMasks file for the layer's masks
     * @param alignment {@link org.netdissect.align.AlignmentKey} of the masks
     */
    boolean read(MaskFile layerMasks, CachedLayer layer, String alignment) {
        BaselineSettings chosen = Objects.requireNonNull(settings);
        StoredDraws file = new StoredDraws(layer.baselines(), BaselineCodec.key(alignment, sample.length, chosen));
        files.put(layerMasks, file);
        try {
            Optional<ByteBuffer> bytes = file.files().read(file.key());
            if (bytes.isPresent()) {
                int units = layer.shape().units();
                stored.put(layerMasks, BaselineCodec.decode(bytes.get(), units, sample.length, iouThreshold, chosen));
                return true;
            }
        } catch (IOException | DataFormatException e) {
            listener.note(file.files().file(file.key()) + " cannot be used (" + e.getMessage() + "); drawing again");
        }
        return false;
    }

    /**
     * The reports with their baselines, if one was asked for.
     *
     * @param counts of a layer, by its name
     * @param memory bytes for counts
     */
    List<LayerReport> addTo(
            List<LayerReport> reports, Function<String, AlignmentCounts> counts, int threads, long memory)
            throws IOException {
        if (settings == null) {
            return reports;
        }
        Map<String, LayerBaseline> computed = compute(
                reports.stream().filter(report -> stored(report) == null).toList(), counts, threads, memory);
        List<LayerReport> complete = new ArrayList<>();
        for (LayerReport report : reports) {
            LayerDraws draws = stored(report);
            LayerBaseline baseline = draws == null
                    ? Objects.requireNonNull(computed.get(report.layer()))
                    : draws.baseline(report.scores(), settings);
            LayerReport withBaseline = report.with(baseline);
            complete.add(withBaseline);
            note(withBaseline, baseline);
        }
        noteUnpaired(Objects.requireNonNull(complete.get(0).baseline()));
        return complete;
    }

    private MaskFile masks(LayerReport report) {
        return Objects.requireNonNull(masks.get(report.layer()));
    }

    private @Nullable LayerDraws stored(LayerReport report) {
        return stored.get(masks(report));
    }

    private Map<String, LayerBaseline> compute(
            List<LayerReport> reports, Function<String, AlignmentCounts> counts, int threads, long memory)
            throws IOException {
        if (reports.isEmpty()) {
            return Map.of();
        }
        List<BaselineAnalysis.Layer> layers = new ArrayList<>();
        for (LayerReport report : reports) {
            layers.add(new BaselineAnalysis.Layer(counts.apply(report.layer()), report.scores(), masks(report)));
        }
        BaselineAnalysis analysis =
                new BaselineAnalysis(probe, rules, iouThreshold, Objects.requireNonNull(settings), layers);
        BaselineAnalysis.Keeper keeper = (layer, bytes) -> store(masks(reports.get(layer)), bytes);
        List<LayerBaseline> baselines;
        try (StageListener.Stage stage = listener.begin(STAGE, 0, sample.length)) {
            baselines = analysis.run(threads, memory, stage, storesDraws() ? keeper : null);
        }
        Map<String, LayerBaseline> byLayer = new HashMap<>();
        for (int i = 0; i < baselines.size(); i++) {
            byLayer.put(reports.get(i).layer(), baselines.get(i));
        }
        return byLayer;
    }

    private void store(MaskFile masksOfDraws, ByteBuffer bytes) {
        StoredDraws file = files.get(masksOfDraws);
        if (file != null) {
            try {
                file.files().write(file.key(), bytes);
            } catch (IOException e) {
                listener.note("the draws of the baseline cannot be stored in the cache (" + e.getMessage()
                        + "); another run draws again");
            }
        }
    }

    private int images() {
        return probe.images().size();
    }

    private void noteUnpaired(LayerBaseline baseline) {
        int unpaired = baseline.sample().unpaired();
        String method = "--baseline " + baseline.settings().method();
        if (unpaired == sample.length) {
            listener.note(method + ": nothing can be permuted, as no two of " + sample.length
                    + " images hold the same categories on a label grid of one size");
        } else if (unpaired > MUCH_UNPAIRED * sample.length) {
            listener.note(method + ": " + unpaired + " of " + sample.length
                    + " images keep their own labels, as no other image holds the same categories on a label grid of one "
                    + "size; p-values are too great for that");
        }
    }

    private void note(LayerReport report, LayerBaseline baseline) {
        BaselineText.warning(report).ifPresent(warning -> listener.note("layer " + report.layer() + ": " + warning));
        if (baseline.unresolved() > 0) {
            listener.note("layer " + report.layer() + ": --permutations " + baseline.draws() + " is too few to tell "
                    + baseline.unresolved()
                    + " detectors, as good as in no draw, from chance at a false discovery rate of "
                    + LayerBaseline.RATE + "; it takes " + baseline.drawsNeeded() + " or more");
        }
    }

    /** Closes all files, even if one fails. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (MaskFile file : masks.values()) {
            try {
                file.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
