package org.netdissect.dissect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.Thresholds;
import org.netdissect.align.AlignmentCounts;
import org.netdissect.align.ImageParts;
import org.netdissect.align.LayerScores;
import org.netdissect.align.PartScores;
import org.netdissect.base.Tail;
import org.netdissect.broden.ProbeSet;
import org.netdissect.result.BaselineTable;
import org.netdissect.result.DetectorTable;
import org.netdissect.result.LayerReport;
import org.netdissect.result.LayerSummary;
import org.netdissect.result.SplitAgreement;
import org.netdissect.result.SweepRow;
import org.netdissect.run.RunDirectory;
import org.netdissect.run.RunSettings;
import org.netdissect.run.TailChoice;

/** Makes the tables of a view from the counts of alignment. */
final class LayerTables {
    private final Inputs inputs;
    private final RunSettings settings;
    private final ProbeSet probe;

    LayerTables(Inputs inputs) {
        this.inputs = inputs;
        this.settings = inputs.settings();
        this.probe = inputs.probe();
    }

    /**
     * The tables of one view.
     *
     * @param files text by name
     */
    record Tables(LayerSummary summary, Map<String, String> files) {}

    /** Scores the units of all views, and computes the baseline if one was asked for. */
    List<LayerReport> reports(Map<String, LayerResult> results, BaselineStage baseline) throws IOException {
        return baseline.addTo(
                results.values().stream().map(this::report).toList(),
                name -> Objects.requireNonNull(results.get(name)).counts(),
                inputs.threads(),
                inputs.storage().memory());
    }

    /** Scores the units of a view. */
    LayerReport report(LayerResult result) {
        return new LayerReport(
                result.view().name(),
                result.shape().map(),
                scores(result.counts(), result.thresholds()),
                probe.categories(),
                probe.labels(),
                settings.iou(),
                result.view().tail(),
                result.tied());
    }

    /** Counts detectors, and writes the tables as text. */
    Tables of(LayerResult result, LayerReport report) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(RunDirectory.DETECTORS, DetectorTable.csv(report, settings.tail() != TailChoice.UPPER));
        if (report.baseline() != null) {
            files.put(RunDirectory.BASELINE, BaselineTable.csv(report, report.baseline()));
        }
        @Nullable List<SweepRow> sweep = settings.sweep().hasMore() ? sweep(report, result) : null;
        if (sweep != null) {
            files.put(
                    RunDirectory.SWEEP,
                    SweepRow.csv(sweep, settings.method().detectors().toString()));
        }
        @Nullable SplitAgreement agreement = null;
        if (!result.splits().isEmpty()) {
            ImageParts splits = settings.splits(probe);
            PartScores scores = new PartScores(
                    result.splits(),
                    probe.labels(),
                    result.thresholds(),
                    settings.method().rules().zero(),
                    settings.iou());
            agreement = SplitAgreement.of(splits, scores);
            files.put(RunDirectory.SPLITS, SplitAgreement.csv(splits, scores, report));
        }
        @Nullable
        Integer tied = result.view().tail() == Tail.LOWER ? result.tied().size() : null;
        return new Tables(
                summary(
                        report,
                        result,
                        new LayerSummary.Details(
                                tied, sweep, agreement, settings.rotation().summary())),
                files);
    }

    private LayerScores scores(AlignmentCounts counts, Thresholds thresholds) {
        return LayerScores.of(
                counts, probe.labels(), thresholds, settings.method().rules().zero());
    }

    private LayerSummary summary(LayerReport report, LayerResult result, LayerSummary.Details details) {
        return LayerSummary.of(
                report,
                probe.images().size(),
                source(result.thresholds()),
                inputs.placements().of(result.view().layer()).resizing(),
                settings.method().detectors(),
                details);
    }

    private LayerSummary.ThresholdSource source(Thresholds thresholds) {
        return inputs.given() != null
                ? LayerSummary.ThresholdSource.given(inputs.given().file().toString())
                : LayerSummary.ThresholdSource.of(settings.topFraction().toPlainString(), thresholds.rankError());
    }

    /** Counts for every pair of top fraction and IoU threshold. */
    private List<SweepRow> sweep(LayerReport main, LayerResult result) {
        List<SweepRow> rows = new ArrayList<>();
        for (int i = 0; i < settings.sweep().topFractions().size(); i++) {
            LayerScores scores = i == 0
                    ? main.scores()
                    : scores(
                            result.sweep().get(i - 1).counts(),
                            result.sweep().get(i - 1).thresholds());
            String fraction = settings.thresholds() != null
                    ? null
                    : settings.sweep().topFractions().get(i).toPlainString();
            settings.sweep().ious().forEach(iou -> rows.add(SweepRow.of(fraction, main.with(scores, iou))));
        }
        return rows;
    }
}
