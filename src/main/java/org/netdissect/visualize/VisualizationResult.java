package org.netdissect.visualize;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.FileNames;
import org.netdissect.report.VisualizationSheet;
import org.netdissect.result.Visualized;
import org.netdissect.table.TextTable;

/**
 * A finished visualisation as text and JSON.
 *
 * @param out its folder
 * @param rows images by layer, those of earlier runs included
 */
public record VisualizationResult(Path out, Map<String, List<Visualized>> rows) {
    private static final int SCHEMA_VERSION = 1;
    private static final int MOST_TOLD = 5;

    /** A row for each layer, with medians over its live images, then failures, changed classes and sheets. */
    public String text() {
        TextTable table = new TextTable(
                1,
                List.of(
                        "layer",
                        "images",
                        "moved",
                        "woken",
                        "dead",
                        "failed",
                        "above probe",
                        "under moves",
                        "first",
                        "spectrum"));
        StringBuilder notes = new StringBuilder();
        StringBuilder sheets = new StringBuilder();
        rows.forEach((layer, images) -> {
            List<String> cells = new ArrayList<>(List.of(layer, Integer.toString(images.size())));
            for (Visualized.State state : Visualized.State.values()) {
                cells.add(Long.toString(
                        images.stream().filter(row -> row.state() == state).count()));
            }
            cells.add(number(median(images, Visualized::aboveProbe)));
            cells.add(number(median(images, Visualized::underMovesAboveProbe)));
            cells.add(number(median(images, Visualized::firstUnderMoves)));
            cells.add(number(median(images, Visualized::spectrumDistance)));
            table.add(cells);
            for (Visualized row : images) {
                boolean failed = row.state() == Visualized.State.FAILED;
                String note = failed ? row.note() : ClassChange.partOf(row.note());
                if (!note.isEmpty()) {
                    notes.append(layer)
                            .append(": ")
                            .append(row.image())
                            .append(": ")
                            .append(note)
                            .append('\n');
                }
            }
            sheets.append("Sheet: ")
                    .append(out.resolve(FileNames.of(layer)).resolve(VisualizationSheet.PAGE))
                    .append('\n');
        });
        return table.toString() + notes + sheets;
    }

    /** The images that could not be made, as one line; empty if there are none. */
    public String failures() {
        List<String> failed = new ArrayList<>();
        rows.forEach((layer, images) -> images.stream()
                .filter(row -> row.state() == Visualized.State.FAILED)
                .forEach(row -> failed.add("layer " + layer + ", "
                        + (row.unit() == null ? row.image() : "unit " + row.unit() + " (" + row.image() + ")") + ": "
                        + row.note())));
        int more = failed.size() - MOST_TOLD;
        return failed.isEmpty()
                ? ""
                : "images that could not be made: " + failed.size() + "; "
                        + String.join("; ", failed.subList(0, Math.min(failed.size(), MOST_TOLD)))
                        + (more > 0 ? "; and " + more + " more, in visualizations.csv" : "");
    }

    private static String number(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
    }

    /** Median over images that are not dead; null where none has the number. */
    private static @Nullable Double median(List<Visualized> images, Function<Visualized, @Nullable Double> column) {
        double[] values = images.stream()
                .filter(row -> row.state() == Visualized.State.MOVED || row.state() == Visualized.State.WOKEN)
                .map(column)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
        return values.length == 0 ? null : Quality.median(values);
    }

    /** The same as JSON, with all images. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("schemaVersion", SCHEMA_VERSION);
        document.put("out", out.toString());
        List<Map<String, @Nullable Object>> layers = new ArrayList<>();
        rows.forEach((layer, images) -> {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            object.put("layer", layer);
            object.put("aboveProbe", median(images, Visualized::aboveProbe));
            object.put("underMovesAboveProbe", median(images, Visualized::underMovesAboveProbe));
            object.put("firstUnderMoves", median(images, Visualized::firstUnderMoves));
            object.put("spectrumDistance", median(images, Visualized::spectrumDistance));
            object.put("images", images);
            layers.add(object);
        });
        document.put("layers", layers);
        return document;
    }
}
