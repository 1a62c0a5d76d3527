package org.netdissect.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.align.CountingRule;
import org.netdissect.base.InputException;
import org.netdissect.base.NearestNames;
import org.netdissect.table.CsvRow;
import org.netdissect.table.CsvTable;

/**
 * Published counts of detectors, to compare runs with. The file has a row for each network, with the columns network,
 * layer (may be empty) and module (may be missing), and any of {@code unique-all}, {@code unique-CATEGORY}, {@code
 * detectors-all}, {@code detectors-CATEGORY}; other columns are ignored. With a column rule only the rows of one rule
 * are read. {@link CountTable#csv} writes such a file.
 *
 * @param file file of the counts
 * @param hasColumns whether there is a column of counts
 * @param rows one per network and layer
 */
record PublishedCounts(Path file, boolean hasColumns, List<Row> rows) {
    private static final int MOST_ROWS = 100_000;

    /** Kinds of counts: the first part of a column's name. */
    static final List<String> KINDS = List.of("unique", "detectors");

    /**
     * The counts of one network.
     *
     * @param layer as the paper calls it
     * @param module the layer's name in the dissected network, empty where it is the same
     * @param counts by column, such as {@code unique-all}; empty cells are left out
     */
    record Row(String network, String layer, String module, Map<String, Integer> counts) {}

    /** Reads a file. Throws {@link InputException}, with row and column, for a wrong table. */
    static PublishedCounts read(Path file, CountingRule rule) throws IOException {
        PublishedCounts counts = readNetworks(file, rule);
        if (!counts.hasColumns()) {
            throw new InputException(file + ":1: no counts, expected columns such as unique-all and detectors-object");
        }
        return counts;
    }

    /** Reads a file of networks whose counts may be unpublished. Throws as {@link #read} does. */
    static PublishedCounts readNetworks(Path file, CountingRule rule) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": no such file, expected a table of published counts");
        }
        List<Row> rows = new ArrayList<>();
        boolean hasColumns;
        try (CsvTable table = CsvTable.open(file, List.of("network"))) {
            List<String> columns =
                    table.columns().stream().filter(PublishedCounts::isCount).toList();
            hasColumns = !columns.isEmpty();
            boolean rules = table.columns().contains("rule");
            for (CsvRow row = table.next(); row != null; row = table.next()) {
                if (!rules || row.text("rule").equals(rule.toString())) {
                    rows.add(row(row, columns));
                }
                if (rows.size() > MOST_ROWS) {
                    throw new InputException(file + ": more than " + MOST_ROWS + " rows");
                }
            }
        }
        return new PublishedCounts(file, hasColumns, List.copyOf(rows));
    }

    private static boolean isCount(String column) {
        return KINDS.stream().anyMatch(kind -> column.startsWith(kind + "-"));
    }

    private static Row row(CsvRow row, List<String> columns) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String column : columns) {
            if (!row.text(column).isEmpty()) {
                counts.put(column, row.integer(column, 0, Integer.MAX_VALUE).orElseThrow());
            }
        }
        return new Row(row.text("network"), row.text("layer"), row.text("module"), counts);
    }

    /**
     * The row of a network. The layer matters only where the network has several rows, since papers and exported
     * networks name layers differently.
     *
     * @throws InputException where no row or several rows fit
     */
    Row of(String network, String layer) {
        List<Row> named =
                rows.stream().filter(row -> row.network().equals(network)).toList();
        List<Row> exact = named.stream()
                .filter(row -> row.layer().equals(layer) || row.module().equals(layer))
                .toList();
        List<Row> matching = named.size() > 1 ? exact : named;
        if (matching.size() == 1) {
            return matching.get(0);
        }
        if (named.isEmpty()) {
            List<String> near = NearestNames.of(
                    network, rows.stream().map(Row::network).distinct().toList());
            throw new InputException(file + ": no row for the network " + network
                    + (near.isEmpty() ? "" : "; there are " + String.join(", ", near)));
        }
        throw new InputException(file + ": " + named.size() + " rows for the network " + network + ", "
                + (exact.isEmpty() ? "none" : "several") + " with the layer '" + layer + "'");
    }
}
