package org.netdissect.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.AlignmentCounts;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.MaskFile;
import org.netdissect.broden.ProbeSet;
import org.netdissect.chance.ChanceAnalysis;
import org.netdissect.chance.ChanceSettings;
import org.netdissect.chance.LayerChance;
import org.netdissect.report.LayerReport;
import org.netdissect.report.LayerSummary;

/**
 * The stage behind alignment that tells how much is chance, from the masks that alignment leaves in temporary files of the
 * run directory. Where it was not asked for, no mask is kept and nothing happens.
 */
final class Baseline implements AutoCloseable {
    static final String STAGE = "baseline";
    private static final String NAME = "baseline";
    private static final String PERMUTATIONS = "permutations";
    private static final String SEED = "seed";
    private static final double MUCH_UNPAIRED = 0.1;

    private final @Nullable ChanceSettings settings;
    private final Path out;
    private final ProbeSet probe;
    private final AlignmentRules rules;
    private final StageListener listener;
    /** by layer */
    private final Map<String, MaskFile> masks = new HashMap<>();

    /** {@code settings} are null where it was not asked for. */
    Baseline(
            @Nullable ChanceSettings settings, Path out, ProbeSet probe, AlignmentRules rules, StageListener listener) {
        this.settings = settings;
        this.out = out;
        this.probe = probe;
        this.rules = rules;
        this.listener = listener;
    }

    /** What a run was told, by its {@code run.json}; null where it told nothing of chance. */
    static @Nullable ChanceSettings recorded(JsonNode recorded) {
        return recorded.has(NAME)
                ? new ChanceSettings(
                        recorded.path(PERMUTATIONS).asInt(), recorded.path(SEED).asLong())
                : null;
    }

    /** The same for {@code run.json}. */
    static Map<String, Object> record(@Nullable ChanceSettings settings) {
        Map<String, Object> recorded = new LinkedHashMap<>();
        if (settings != null) {
            recorded.put(NAME, LayerSummary.Chance.PERMUTATION);
            recorded.put(PERMUTATIONS, settings.permutations());
            recorded.put(SEED, settings.seed());
        }
        return recorded;
    }

    /** Where the alignment of a layer puts its masks, or null; those of an earlier try are dropped. */
    @Nullable
    MaskFile masks(String layer, int units) throws IOException {
        if (settings == null) {
            return null;
        }
        MaskFile made = new MaskFile(out, images(), units);
        MaskFile old = masks.put(layer, made);
        if (old != null) {
            old.close();
        }
        return made;
    }

    /**
     * The reports with what is chance in them.
     *
     * @param counts of a layer
     * @param memory bytes for counts
     */
    List<LayerReport> tell(
            List<LayerReport> reports, Function<String, AlignmentCounts> counts, int threads, long memory)
            throws IOException {
        if (settings == null) {
            return reports;
        }
        List<ChanceAnalysis.Layer> layers = new ArrayList<>();
        for (LayerReport report : reports) {
            layers.add(new ChanceAnalysis.Layer(
                    counts.apply(report.layer()), report.scores(), Objects.requireNonNull(masks.get(report.layer()))));
        }
        ChanceAnalysis analysis =
                new ChanceAnalysis(probe, rules, reports.get(0).iouThreshold(), settings, layers);
        List<LayerChance> chances;
        try (StageListener.Stage stage = listener.begin(STAGE, 0, images())) {
            chances = analysis.run(threads, memory, stage);
        }
        List<LayerReport> told = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            told.add(reports.get(i).with(chances.get(i)));
            note(reports.get(i), chances.get(i));
        }
        noteUnpaired(chances.get(0));
        return told;
    }

    private int images() {
        return probe.images().size();
    }

    private void noteUnpaired(LayerChance chance) {
        int images = images();
        if (chance.unpaired() == images) {
            listener.note("--baseline permutation: nothing can be permuted, as no two of " + images
                    + " images hold the same categories on a label grid of one size");
        } else if (chance.unpaired() > MUCH_UNPAIRED * images) {
            listener.note("--baseline permutation: " + chance.unpaired() + " of " + images
                    + " images keep their own labels, as no other image holds the same categories on a label grid of one "
                    + "size; p-values are too great for that");
        }
    }

    private void note(LayerReport report, LayerChance chance) {
        if (chance.unresolved() > 0) {
            listener.note("layer " + report.layer() + ": --permutations " + chance.draws() + " is too few to tell "
                    + chance.unresolved()
                    + " detectors, as good as in no draw, from chance at a false discovery rate of "
                    + LayerChance.RATE + "; it takes " + chance.drawsNeeded() + " or more");
        }
    }

    /** Closes all, whether one fails or not. */
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
