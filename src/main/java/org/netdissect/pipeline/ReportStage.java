package org.netdissect.pipeline;

import java.io.IOException;
import java.util.List;
import org.netdissect.broden.ProbeSet;
import org.netdissect.report.HtmlReport;
import org.netdissect.report.LayerFindings;
import org.netdissect.report.ReportSource;

/** The last stage: pages and charts of what was found. Its classes are not loaded in runs without a report. */
final class ReportStage {
    private final DissectionSettings settings;
    private final ProbeSet probe;
    private final StageListener listener;

    ReportStage(DissectionSettings settings, ProbeSet probe, StageListener listener) {
        this.settings = settings;
        this.probe = probe;
        this.listener = listener;
    }

    void write(List<LayerFindings> layers) throws IOException {
        ReportSource source = new ReportSource(
                String.valueOf(settings.model().getFileName()),
                probe,
                Versions.program(),
                "thresholds at top fraction "
                        + settings.topFraction().stripTrailingZeros().toPlainString(),
                List.of("Written by netdissect " + Versions.program()
                        + "; run.json says where the numbers come from."));
        HtmlReport report = new HtmlReport(settings.out(), source, layers);
        List<String> notes;
        try (StageListener.Stage stage = listener.begin("report", 0, report.images())) {
            notes = report.write(settings.engine().threads(), stage);
        }
        notes.forEach(listener::note);
    }
}
