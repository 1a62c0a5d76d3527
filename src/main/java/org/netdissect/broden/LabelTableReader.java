package org.netdissect.broden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.netdissect.labels.Category;
import org.netdissect.labels.LabelTable;
import org.netdissect.labels.LabelTable.Label;
import org.netdissect.table.CsvRow;
import org.netdissect.table.CsvTable;
import org.netdissect.table.Fault;
import org.netdissect.table.FaultSink;

/** Reads label.csv and the c_CATEGORY.csv tables. */
final class LabelTableReader {
    static final String FILE = "label.csv";

    private final Path folder;
    private final FaultSink sink;
    private final TreeMap<Integer, Label> labels = new TreeMap<>();

    private LabelTableReader(Path folder, FaultSink sink) {
        this.folder = folder;
        this.sink = sink;
    }

    /** Returns the table; reports a fault and returns null if label.csv cannot be read or lists no label. */
    static @Nullable LabelTable read(Path folder, List<Category> categories, FaultSink sink) throws IOException {
        LabelTableReader reader = new LabelTableReader(folder, sink);
        boolean known = reader.readLabels();
        double[][] coverage = new double[categories.size()][];
        for (Category category : categories) {
            coverage[category.position()] = reader.readCoverage(coverageFile(category.name()), known);
        }
        return known ? new LabelTable(reader.labels, coverage) : null;
    }

    static String coverageFile(String category) {
        return "c_" + category + ".csv";
    }

    private boolean readLabels() throws IOException {
        try (CsvTable table = CsvTable.open(folder, FILE, List.of("number", "name"), sink)) {
            if (table == null) {
                return false;
            }
            Map<String, Integer> names = new HashMap<>();
            for (CsvRow row = table.next(); row != null; row = table.next()) {
                readLabel(row, names);
            }
        }
        if (labels.isEmpty()) {
            sink.broken(new Fault(FILE, 0, "", "lists no label; a probe set needs labels for a dissection"));
        }
        return !labels.isEmpty();
    }

    private void readLabel(CsvRow row, Map<String, Integer> names) {
        row.expectAmounts("frequency", "coverage");
        OptionalInt field = row.integer("number", 0, LabelTable.GREATEST_NUMBER);
        if (field.isEmpty() || field.getAsInt() == 0) {
            return; // 0 is 'unlabelled', which some releases list
        }
        int number = field.getAsInt();
        String name = row.text("name");
        if (name.isEmpty()) {
            row.broken("name", "empty, expected the name of label " + number);
            return;
        }
        List<String> synonyms = Arrays.stream(row.text("syns").split(";"))
                .map(String::strip)
                .filter(synonym -> !synonym.isEmpty())
                .toList();
        if (labels.putIfAbsent(number, new Label(name, synonyms)) != null) {
            row.broken("number", number + " stands in an earlier row, expected each number once");
            return;
        }
        Integer earlier = names.putIfAbsent(name, number);
        if (earlier != null) {
            row.doubtful("name", "'" + name + "' is the name of label " + earlier + " too");
        }
    }

    /** Returns the coverage by label number, 0 for labels that the table lacks. */
    private double[] readCoverage(String file, boolean labelsKnown) throws IOException {
        double[] coverage = new double[labels.isEmpty() ? 1 : labels.lastKey() + 1];
        try (CsvTable table = CsvTable.open(folder, file, List.of("number", "name", "coverage"), sink)) {
            if (table == null) {
                return coverage;
            }
            Set<Integer> seen = new HashSet<>();
            for (CsvRow row = table.next(); row != null; row = table.next()) {
                row.expectAmounts("code", "frequency");
                OptionalInt number = row.integer("number", 0, LabelTable.GREATEST_NUMBER);
                OptionalDouble amount = row.amount("coverage");
                if (number.isEmpty() || number.getAsInt() == 0 || !labelsKnown) {
                    continue;
                }
                boolean agrees = agreesWithLabels(row, number.getAsInt(), seen);
                if (agrees && amount.isPresent()) {
                    coverage[number.getAsInt()] = amount.getAsDouble();
                }
            }
        }
        return coverage;
    }

    private boolean agreesWithLabels(CsvRow row, int number, Set<Integer> seen) {
        Label label = labels.get(number);
        if (label == null) {
            row.doubtful("number", number + " is not in " + FILE);
            return false;
        }
        if (!seen.add(number)) {
            row.doubtful("number", number + " stands in an earlier row, expected each number once");
        }
        if (!label.name().equals(row.text("name"))) {
            String found = "'" + row.text("name") + "'";
            row.doubtful("name", found + ", but " + FILE + " calls label " + number + " '" + label.name() + "'");
        }
        return true;
    }
}
