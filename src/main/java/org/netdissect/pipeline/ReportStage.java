package org.netdissect.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.netdissect.broden.ProbeSet;
import org.netdissect.report.HtmlReport;
import org.netdissect.report.LayerFindings;
import org.netdissect.report.ReportSource;

/** The last stage: pages and charts of what was found. What it needs is not loaded in runs without a report. */
final class ReportStage {
    private final Path out;
    private final int threads;
    private final StageListener listener;

    ReportStage(Path out, int threads, StageListener listener) {
        this.out = out;
        this.threads = threads;
        this.listener = listener;
    }

    /** What the report says of the run; {@code rule} is how thresholds were chosen. */
    static ReportSource source(Path model, ProbeSet probe, String rule) {
        return new ReportSource(
                String.valueOf(model.getFileName()),
                probe,
                probe,
                String.valueOf(probe.folder().toAbsolutePath().normalize().getFileName()),
                Versions.program(),
                rule,
                List.of("Written by netdissect " + Versions.program()
                        + ". Versions, digests and settings are in run.json, the tables in the layers' folders."));
    }

    void write(ReportSource source, List<LayerFindings> layers) throws IOException {
        HtmlReport report = new HtmlReport(out, source, layers);
        List<String> notes;
        try (StageListener.Stage stage = listener.begin("report", 0, report.images())) {
            notes = report.write(threads, stage);
        }
        notes.forEach(listener::note);
    }
}
