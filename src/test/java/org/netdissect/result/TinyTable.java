package org.netdissect.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Detector table for tests, as NetDissect writes it: a unit's label is the one with the greatest IoU. */
public final class TinyTable {
    private final List<String> categories;
    private final List<String> lines = new ArrayList<>();

    private TinyTable(List<String> categories) {
        this.categories = categories;
    }

    /** Starts a table without units. */
    public static TinyTable of(String... categories) {
        return new TinyTable(List.of(categories));
    }

    /** Best concept of one category. */
    public record Cell(String label, long truth, long activation, long intersect) {
        double iou() {
            return intersect == 0 ? 0 : (double) intersect / (truth + activation - intersect);
        }
    }

    /** A concept. */
    public static Cell cell(String label, long truth, long activation, long intersect) {
        return new Cell(label, truth, activation, intersect);
    }

    /** No concept. */
    public static Cell none() {
        return new Cell("", 0, 0, 0);
    }

    /** Adds a unit, with a concept for each category. */
    public TinyTable unit(int unit, Cell... cells) {
        int best = 0;
        StringBuilder rest = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            best = cells[i].iou() > cells[best].iou() ? i : best;
            rest.append(String.format(
                    ",%s,%d,%d.0,%d,%s",
                    cells[i].label(), cells[i].truth(), cells[i].activation(), cells[i].intersect(), cells[i].iou()));
        }
        boolean labelled = cells[best].iou() > 0;
        lines.add(unit + "," + (labelled ? categories.get(best) : "") + "," + (labelled ? cells[best].label() : "")
                + "," + cells[best].iou() + rest);
        return this;
    }

    /** Text of the whole file. */
    public String text() {
        StringBuilder text = new StringBuilder("unit,category,label,score");
        for (String category : categories) {
            for (String column : List.of("label", "truth", "activation", "intersect", "iou")) {
                text.append(',').append(category).append('-').append(column);
            }
        }
        return text + "\n" + String.join("\n", lines) + "\n";
    }

    /** Writes the table. */
    public Path write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.writeString(file, text());
    }

    /** Writes the table and reads it. */
    public StoredTable read(Path file) throws IOException {
        return DetectorTableReader.read(write(file));
    }
}
