package org.netdissect.table;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.base.Printable;

/** Columns of text for a terminal: the first given columns flush left, the others flush right. */
public final class TextTable {
    private final int leftColumns;
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(int leftColumns, List<String> header) {
        this.leftColumns = leftColumns;
        rows.add(List.copyOf(header));
    }

    /** Adds a row of as many cells as the header has. */
    public void add(List<String> row) {
        rows.add(row.stream().map(Printable::of).toList());
    }

    /** The lines of the table, each ended by a newline, without trailing blanks. */
    @Override
    public String toString() {
        int columns = rows.get(0).size();
        int[] width = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                width[i] = Math.max(width[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String blanks = " ".repeat(width[i] - row.get(i).length());
                line.append(i == 0 ? "" : "  ").append(i < leftColumns ? row.get(i) + blanks : blanks + row.get(i));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
