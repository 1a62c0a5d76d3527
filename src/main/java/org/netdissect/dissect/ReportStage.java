package org.netdissect.dissect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.StageListener;
import org.netdissect.report.HtmlReport;
import org.netdissect.report.ReportSource;
import org.netdissect.result.LayerFindings;
import org.netdissect.result.LayerReport;
import org.netdissect.result.VisualizationFolder;
import org.netdissect.run.RunSettings;
import org.netdissect.run.Versions;

/** Last stage: pages and charts. Their classes are loaded only in runs with a report. */
final class ReportStage {
    private final Inputs inputs;

    ReportStage(Inputs inputs) {
        this.inputs = inputs;
    }

    /**
     * Writes the report of some views, in the order of {@code reports}.
     *
     * @param visualizations of the layers' units, or null
     */
    void write(
            Map<String, LayerResult> results, List<LayerReport> reports, @Nullable VisualizationFolder visualizations)
            throws IOException {
        List<LayerFindings> findings = new ArrayList<>();
        for (LayerReport layer : reports) {
            LayerResult result = Objects.requireNonNull(results.get(layer.layer()));
            findings.add(LayerFindings.of(layer, result.counts(), result.top(), result.least()));
        }
        HtmlReport report = new HtmlReport(inputs.output().folder(), source(visualizations), findings);
        List<String> notes;
        try (StageListener.Stage stage = inputs.listener().begin("report", 0, report.images())) {
            notes = report.write(inputs.threads(), stage);
        }
        notes.forEach(inputs.listener()::note);
    }

    private ReportSource source(@Nullable VisualizationFolder visualizations) {
        RunSettings settings = inputs.settings();
        String rule = inputs.given() == null
                ? "top fraction " + settings.topFraction().toPlainString()
                : "thresholds of " + inputs.given().file().getFileName();
        return new ReportSource(
                String.valueOf(inputs.network().archive().file().getFileName()),
                inputs.probe(),
                inputs.probe(),
                String.valueOf(
                        inputs.probe().folder().toAbsolutePath().normalize().getFileName()),
                Versions.program(),
                rule + settings.rotation().wording(),
                List.of("Written by netdissect " + Versions.program()
                        + ". Versions, digests and settings are in run.json, the tables in the layers' folders."),
                visualizations);
    }
}
