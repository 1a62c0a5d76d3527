package org.netdissect.broden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.netdissect.labels.Category;
import org.netdissect.table.CsvRow;
import org.netdissect.table.CsvTable;
import org.netdissect.table.Fault;
import org.netdissect.table.FaultSink;

/** Reads category.csv. */
final class CategoryReader {
    static final String FILE = "category.csv";

    /** Broden has six categories. Each takes up to half a megabyte, a coverage for every label number. */
    private static final int MOST_CATEGORIES = 200;

    private CategoryReader() {}

    /** Returns the categories in the table's order; reports a fault and returns null if there are none. */
    static @Nullable List<Category> read(Path folder, FaultSink sink) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        try (CsvTable table = CsvTable.open(folder, FILE, List.of("name"), sink)) {
            if (table == null) {
                return null;
            }
            for (CsvRow row = table.next(); row != null; row = table.next()) {
                row.expectAmounts("first", "last", "count", "frequency");
                readName(row, names);
            }
        }
        if (names.size() > MOST_CATEGORIES) {
            sink.broken(new Fault(
                    FILE, 0, "", "lists " + names.size() + " categories, expected at most " + MOST_CATEGORIES));
            return null;
        }
        if (names.isEmpty()) {
            sink.broken(new Fault(FILE, 0, "", "lists no category; a probe set needs labels for a dissection"));
            return null;
        }
        List<String> ordered = List.copyOf(names);
        return IntStream.range(0, ordered.size())
                .mapToObj(position -> new Category(ordered.get(position), position))
                .toList();
    }

    private static void readName(CsvRow row, Set<String> names) {
        String name = row.text("name");
        String fault = RelativePaths.fault(name);
        if (fault != null || name.indexOf('/') >= 0 || IndexReader.COLUMNS.contains(name)) {
            row.broken(
                    "name",
                    "'" + name
                            + "' cannot name a category, whose table is c_NAME.csv and whose column in index.csv is NAME");
        } else if (!names.add(name)) {
            row.broken("name", "'" + name + "' stands in an earlier row, expected each category once");
        }
    }
}
