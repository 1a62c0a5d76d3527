package org.netdissect.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** Rows as CSV (RFC 4180 with line feeds); numbers keep all their digits. */
public final class CsvText {
    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setRecordSeparator("\n").get();

    private final StringBuilder text = new StringBuilder();
    private final CSVPrinter printer;

    public CsvText(List<String> header) {
        try {
            printer = new CSVPrinter(text, FORMAT);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringBuilder does not fail", e);
        }
        add(header);
    }

    public void add(List<? extends @Nullable Object> row) {
        try {
            for (Object value : row) {
                printer.print(value);
            }
            printer.println();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringBuilder does not fail", e);
        }
    }

    /** The whole file. */
    @Override
    public String toString() {
        return text.toString();
    }
}
