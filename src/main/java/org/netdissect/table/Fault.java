package org.netdissect.table;

import java.util.Comparator;
import org.netdissect.base.Printable;

/**
 * An error in a table.
 *
 * @param file table, as messages name it
 * @param row line of the table, the header being 1; 0 for the whole file
 * @param column name of the column; empty where the fault is not in one
 * @param message what is wrong and what was expected
 */
public record Fault(String file, long row, String column, String message) implements Comparable<Fault> {
    /** Longest text in a message of one line; a cell may hold a million characters. */
    private static final int LONGEST_MESSAGE = 500;

    private static final Comparator<Fault> ORDER = Comparator.comparing(Fault::file)
            .thenComparingLong(Fault::row)
            .thenComparing(Fault::column)
            .thenComparing(Fault::message);

    /** Cuts the middle out of long texts. */
    public Fault {
        file = Printable.brief(file, LONGEST_MESSAGE);
        column = Printable.brief(column, LONGEST_MESSAGE);
        message = Printable.brief(message, LONGEST_MESSAGE);
    }

    /** Orders by file, row, column and message. */
    @Override
    public int compareTo(Fault other) {
        return ORDER.compare(this, other);
    }

    /** One line: {@code index.csv:17: column ih: ...}. */
    @Override
    public String toString() {
        String place = row == 0 ? file : file + ":" + row;
        return place + ": " + (column.isEmpty() ? "" : "column " + column + ": ") + message;
    }
}
