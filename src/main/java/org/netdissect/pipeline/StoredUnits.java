package org.netdissect.pipeline;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.InputException;

/** The units of a layer as a run's {@code detectors.csv} has them. */
final class StoredUnits {
    private static final List<String> COLUMNS = List.of("unit", "category", "label", "score", "threshold");

    private final Path file;
    /** [units] */
    private final List<Concept> concepts;

    private final Thresholds thresholds;

    private StoredUnits(Path file, List<Concept> concepts) {
        this.file = file;
        this.concepts = List.copyOf(concepts);
        float[] values = new float[concepts.size()];
        for (int unit = 0; unit < values.length; unit++) {
            values[unit] = concepts.get(unit).threshold();
        }
        this.thresholds = new Thresholds(values);
    }

    /**
     * What a unit detects.
     *
     * @param category of the label, or empty for a unit without one
     * @param label as in label.csv, or empty
     * @param score the label's IoU
     * @param threshold T_k
     */
    record Concept(String category, String label, double score, float threshold) {}

    /** Reads the table. Throws {@link InputException}, with the row, where it is not what a run writes. */
    static StoredUnits read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": no such file; the run is not whole, dissect again");
        }
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        TreeMap<Integer, Concept> units = new TreeMap<>();
        try (Reader reader = Files.newBufferedReader(file);
                CSVParser rows = CSVParser.parse(reader, format)) {
            if (!rows.getHeaderNames().containsAll(COLUMNS)) {
                throw new InputException(file + ": row 1: expected the columns " + String.join(", ", COLUMNS));
            }
            for (CSVRecord row : rows) {
                read(file, row, units);
            }
        } catch (IllegalArgumentException | UncheckedIOException | IOException e) {
            throw new InputException(file + ": is not a readable table (" + e.getMessage() + "); dissect again", e);
        }
        if (units.isEmpty() || units.firstKey() != 1 || units.lastKey() != units.size()) {
            throw new InputException(file + ": expected a row for every unit from 1 on, but there are " + units.size()
                    + " rows; dissect again");
        }
        return new StoredUnits(file, List.copyOf(units.values()));
    }

    private static void read(Path file, CSVRecord row, Map<Integer, Concept> units) {
        String where = file + ": row " + (row.getRecordNumber() + 1) + ": ";
        try {
            int unit = Integer.parseInt(row.get("unit"));
            double score = Double.parseDouble(row.get("score"));
            float threshold = Float.parseFloat(row.get("threshold"));
            if (unit < 1 || !Float.isFinite(threshold) || !(score >= 0 && score <= 1)) {
                throw new InputException(where + "expected a unit from 1 on, a score from 0 to 1 and a threshold");
            }
            if (units.put(unit, new Concept(row.get("category"), row.get("label"), score, threshold)) != null) {
                throw new InputException(where + "unit " + unit + " stands twice");
            }
        } catch (IllegalArgumentException e) {
            throw new InputException(where + "expected a unit's number, its score and its threshold", e);
        }
    }

    Path file() {
        return file;
    }

    int size() {
        return concepts.size();
    }

    /** T_k of all units. */
    Thresholds thresholds() {
        return thresholds;
    }

    /** {@code unit} is 0-based. */
    Concept concept(int unit) {
        return concepts.get(unit);
    }
}
