package org.netdissect.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A page of figures and tables, in one file.
 *
 * @param title of the page
 * @param notes remarks on the numbers
 * @param figures above the tables
 * @param tables in their order
 */
public record TablePage(String title, List<String> notes, List<Figures.Figure> figures, List<Table> tables) {

    public TablePage {
        notes = List.copyOf(notes);
        figures = List.copyOf(figures);
        tables = List.copyOf(tables);
    }

    /**
     * A table under a heading.
     *
     * @param leftColumns number of columns with text, flush left
     * @param caption may be empty
     */
    public record Table(
            String heading, String caption, int leftColumns, List<String> header, List<List<String>> rows) {}

    record Drawing(String title, String svg) {}

    public void write(Path file, String version) throws IOException {
        PageFrame frame = PageFrame.of(title, version, List.of("Written by netdissect " + version));
        List<Drawing> drawings = figures.stream()
                .map(figure -> new Drawing(figure.title(), figure.inlineSvg()))
                .toList();
        Pages.write(file, "tables.jte", Map.of("frame", frame, "page", this, "drawings", drawings));
    }
}
