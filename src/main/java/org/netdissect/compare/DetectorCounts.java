package org.netdissect.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.CountingRule;
import org.netdissect.base.Printable;
import org.netdissect.result.StoredTable;
import org.netdissect.run.ComparedLayer;
import org.netdissect.run.ComparedRun;
import org.netdissect.run.NamedPath;
import org.netdissect.run.StoredRun;

/** Counts of the detectors of tables and runs, alone or beside published counts. */
public final class DetectorCounts {
    private final List<ComparedRun> runs;

    private DetectorCounts(List<ComparedRun> runs) {
        this.runs = runs;
    }

    /** The counts in three formats. */
    public record Printout(String text, String csv, Map<String, Object> json) {}

    /**
     * Reads tables and runs.
     *
     * @param iou threshold for all runs; if empty, each run's setting
     */
    public static DetectorCounts read(List<NamedPath> files, OptionalDouble iou) throws IOException {
        return new DetectorCounts(StoredRun.readAll(files, iou));
    }

    /** Notes on tables whose IoUs do not follow from their pixel counts. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (ComparedRun run : runs) {
            for (ComparedLayer layer : run.layers()) {
                StoredTable table = layer.table();
                if (table.disagreements() > 0) {
                    notes.add(Printable.of(table.disagreements()
                            + " IoUs are not intersect / (truth + activation - intersect), and are used as they are; "
                            + "the first: " + table.firstDisagreement()));
                }
            }
        }
        return notes;
    }

    /** The counts alone, by one rule or by all. */
    public Printout counts(@Nullable CountingRule rule) {
        CountTable table = new CountTable(rows(rule == null ? List.of(CountingRule.values()) : List.of(rule)));
        List<Double> thresholds = runs.stream().map(ComparedRun::iou).distinct().toList();
        String heading = "Detectors (IoU > " + (thresholds.size() == 1 ? thresholds.get(0) : "each run's own threshold")
                + ", rule html: >=); by category unique labels/detectors\n";
        return new Printout(heading + table.text(), table.csv(), Map.of("tables", table.json()));
    }

    /** The counts beside published ones, by one rule (default: per-category). */
    public Printout against(Path file, @Nullable CountingRule given) throws IOException {
        CountingRule rule = given == null ? CountingRule.PER_CATEGORY : given;
        PublishedCounts published = PublishedCounts.read(file, rule);
        PaperTable table = new PaperTable();
        for (CountRow row : rows(List.of(rule))) {
            table.add(published.of(row.network(), row.layer()), row);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("against", file.toString());
        document.put("networks", table.blocks());
        String heading = "Counts by the rule " + rule + " against " + file + "\n";
        return new Printout(heading + table.text(), table.csv(), document);
    }

    private List<CountRow> rows(List<CountingRule> rules) {
        List<CountRow> rows = new ArrayList<>();
        for (ComparedRun run : runs) {
            for (ComparedLayer layer : run.layers()) {
                for (CountingRule rule : rules) {
                    rows.add(CountRow.of(run.name(), layer.name(), layer.table(), run.iou(), rule));
                }
            }
        }
        return rows;
    }
}
