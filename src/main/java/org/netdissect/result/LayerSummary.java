package org.netdissect.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.CountingRule;
import org.netdissect.align.UnitScores;
import org.netdissect.baseline.LayerBaseline;

/**
 * The file {@code summary.json} of one layer.
 *
 * @param schemaVersion changes when fields change their meaning
 * @param layer dotted name
 * @param units number of units
 * @param map {@code [height, width]} of the activation maps
 * @param images number of images
 * @param thresholds origin of the thresholds
 * @param iouThreshold a detector's score is greater
 * @param interpolation how maps were resized to the label grid
 * @param interpolationNote the reason if it is not the interpolation of the settings, else empty
 * @param receptiveField of the units, if the interpolation needs it and it is known
 * @param detectorRule the counting rule of the settings
 * @param counts by counting rule: {@code top-label}, {@code per-category}, {@code html}
 * @param concepts labels of the detectors by the top-label rule, most units first
 * @param tail the tail of the activations that the masks are made of: {@code upper} or {@code lower}
 * @param tiedUnits units of the lower tail whose threshold is their least activation, so that they have no mask; else
 *     null
 * @param sweep counts at every top fraction and IoU threshold; null for one of each
 * @param splits agreement between splits; null for fewer than two
 * @param rotation of the basis, or null
 * @param baseline the permutation baseline, or null with {@code --baseline none}
 */
public record LayerSummary(
        int schemaVersion,
        String layer,
        int units,
        List<Integer> map,
        int images,
        ThresholdSource thresholds,
        double iouThreshold,
        String interpolation,
        String interpolationNote,
        @Nullable UnitFields receptiveField,
        String detectorRule,
        Map<String, RuleCounts> counts,
        List<DetectedConcept> concepts,
        String tail,
        @Nullable Integer tiedUnits,
        @Nullable List<SweepRow> sweep,
        @Nullable SplitAgreement splits,
        @Nullable Rotation rotation,
        @JsonProperty("chance") @Nullable Baseline baseline) {
    private static final int SCHEMA_VERSION = 2;

    /**
     * The origin of thresholds.
     *
     * @param method {@code exact}, {@code sketch} or {@code given}
     * @param topFraction q, or null for given thresholds
     * @param file that they were read from, or null
     * @param rankError greatest error of a threshold's rank, as a fraction of a unit's activations; null for given
     *     thresholds
     */
    public record ThresholdSource(
            String method,
            @Nullable String topFraction,
            @Nullable String file,
            @Nullable Double rankError) {
        /** Thresholds read from a file. */
        public static ThresholdSource given(String file) {
            return new ThresholdSource("given", null, file, null);
        }

        /** Thresholds computed from the activations. */
        public static ThresholdSource of(String topFraction, double rankError) {
            return new ThresholdSource(rankError == 0 ? "exact" : "sketch", topFraction, null, rankError);
        }
    }

    /** The resizing of maps: interpolation, the reason if it is not that of the settings, and receptive field. */
    public record Resizing(
            String interpolation, String note, @Nullable UnitFields receptiveField) {}

    /** Counts by one rule; categories in category.csv's order. */
    public record RuleCounts(int detectors, int unique, Map<String, CategoryCounts> categories) {}

    public record CategoryCounts(int detectors, int unique) {}

    /** A concept with the units that detect it. */
    public record DetectedConcept(String label, String category, int units, double bestIou) {}

    /** Fields of the summary that only some runs have. */
    public record Details(
            @Nullable Integer tiedUnits,
            @Nullable List<SweepRow> sweep,
            @Nullable SplitAgreement splits,
            @Nullable Rotation rotation) {
        /** None of these fields. */
        public static final Details NONE = new Details(null, null, null, null);
    }

    /** A basis: the network's original one, turned by alpha of the random rotation of a seed. */
    public record Rotation(BigDecimal alpha, long seed) {}

    /**
     * The permutation baseline: detectors by the top-label rule on masks paired with the labels of other images.
     *
     * @param method the method's name: quick, which takes a sample of many images, or permutation
     * @param images in the sample
     * @param detectors on these images
     * @param unique labels of these detectors
     * @param permutations draws asked for
     * @param draws draws made: fewer if no more differ, 0 if no two images hold the same categories
     * @param seed of the draws
     * @param unpaired images without another that holds the same categories
     * @param expectedDetectors mean over the draws; null without draws, as the next three
     * @param detectors95 95th percentile over the draws
     * @param significant detectors that are significant at the rate {@code fdr}
     * @param fdr false discovery rate
     */
    public record Baseline(
            String method,
            int images,
            int detectors,
            int unique,
            int permutations,
            int draws,
            long seed,
            int unpaired,
            @Nullable Double expectedDetectors,
            @Nullable Integer detectors95,
            @Nullable Double expectedUnique,
            @Nullable Integer unique95,
            int significant,
            double fdr) {
        static Baseline of(LayerBaseline baseline) {
            LayerBaseline.Expected detectors = baseline.detectors();
            LayerBaseline.Expected unique = baseline.unique();
            return new Baseline(
                    baseline.settings().method().toString(),
                    baseline.sample().images(),
                    baseline.sample().detectors(),
                    baseline.sample().unique(),
                    baseline.settings().permutations(),
                    baseline.draws(),
                    baseline.settings().seed(),
                    baseline.sample().unpaired(),
                    detectors == null ? null : detectors.mean(),
                    detectors == null ? null : detectors.most95(),
                    unique == null ? null : unique.mean(),
                    unique == null ? null : unique.most95(),
                    baseline.significant(),
                    LayerBaseline.RATE);
        }
    }

    /** The summary of a report. */
    public static LayerSummary of(
            LayerReport report, int images, ThresholdSource thresholds, Resizing resizing, CountingRule rule) {
        return of(report, images, thresholds, resizing, rule, Details.NONE);
    }

    /** The summary of a report with details. */
    public static LayerSummary of(
            LayerReport report,
            int images,
            ThresholdSource thresholds,
            Resizing resizing,
            CountingRule rule,
            Details details) {
        return new LayerSummary(
                SCHEMA_VERSION,
                report.layer(),
                report.scores().units().size(),
                List.of(report.map().height(), report.map().width()),
                images,
                thresholds,
                report.iouThreshold(),
                resizing.interpolation(),
                resizing.note(),
                resizing.receptiveField(),
                rule.toString(),
                counts(report),
                concepts(report),
                report.tail().toString(),
                details.tiedUnits(),
                details.sweep(),
                details.splits(),
                details.rotation(),
                report.baseline() == null ? null : Baseline.of(report.baseline()));
    }

    /** Counts by every rule. */
    static Map<String, RuleCounts> counts(LayerReport report) {
        Map<String, RuleCounts> counts = new LinkedHashMap<>();
        for (CountingRule rule : CountingRule.values()) {
            counts.put(rule.toString(), counts(report, rule));
        }
        return counts;
    }

    private static RuleCounts counts(LayerReport report, CountingRule rule) {
        CountingRule.Counts counts = report.counts(rule);
        Map<String, CategoryCounts> categories = new LinkedHashMap<>();
        for (int i = 0; i < report.categories().size(); i++) {
            CountingRule.CategoryCounts category = counts.categories().get(i);
            categories.put(
                    report.categories().get(i).name(), new CategoryCounts(category.detectors(), category.unique()));
        }
        return new RuleCounts(counts.detectors(), counts.unique(), categories);
    }

    private static List<DetectedConcept> concepts(LayerReport report) {
        Map<Integer, DetectedConcept> concepts = new LinkedHashMap<>();
        for (UnitScores unit : report.scores().units()) {
            double iou = unit.best().iou();
            if (iou > report.iouThreshold()) {
                String category = report.categories().get(unit.category()).name();
                String label = report.labels().name(unit.best().label());
                concepts.merge(
                        unit.best().label(),
                        new DetectedConcept(label, category, 1, iou),
                        (a, b) -> new DetectedConcept(label, category, a.units() + 1, Math.max(a.bestIou(), iou)));
            }
        }
        List<DetectedConcept> sorted = new ArrayList<>(concepts.values());
        sorted.sort((a, b) -> Integer.compare(b.units(), a.units()));
        return sorted;
    }
}
