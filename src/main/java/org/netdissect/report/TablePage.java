package org.netdissect.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.netdissect.report.chart.Chart;

/**
 * A page of figures and tables, in one file.
 *
 * @param title of the page
 * @param notes remarks on the numbers
 * @param figures above the tables
 * @param tables in their order
 */
public record TablePage(String title, List<String> notes, List<Chart> figures, List<Table> tables) {

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

    /** Writes the page, whole or not at all; {@code version} is that of the program. */
    public void write(Path file, String version) throws IOException {
        PageFrame frame = PageFrame.of(title, version, List.of("Written by netdissect " + version));
        Pages.write(file, "tables.jte", Map.of("frame", frame, "page", this));
    }
}
