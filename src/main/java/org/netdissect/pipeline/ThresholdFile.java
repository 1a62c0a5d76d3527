package org.netdissect.pipeline;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.netdissect.activation.NpyVector;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.InputException;

/** Thresholds the user gives: a NumPy file with one value per unit, or a CSV file with the columns unit and threshold. */
final class ThresholdFile {
    private ThresholdFile() {}

    /** Reads {@code units} thresholds. Throws {@link InputException} where a unit has none, or there are too many. */
    static Thresholds read(Path file, int units) throws IOException {
        float[] values = file.toString().endsWith(".csv") ? readCsv(file, units) : NpyVector.read(file);
        if (values.length != units) {
            throw new InputException("--thresholds " + file + ": " + values.length + " values for " + units + " units");
        }
        for (int unit = 0; unit < units; unit++) {
            if (Float.isNaN(values[unit])) {
                throw new InputException(
                        "--thresholds " + file + ": no threshold for unit " + (unit + 1) + " of " + units);
            }
        }
        return new Thresholds(values);
    }

    private static float[] readCsv(Path file, int units) throws IOException {
        float[] values = new float[units];
        Arrays.fill(values, Float.NaN);
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (Reader reader = Files.newBufferedReader(file);
                CSVParser rows = CSVParser.parse(reader, format)) {
            if (!rows.getHeaderNames().contains("unit")
                    || !rows.getHeaderNames().contains("threshold")) {
                throw new InputException(
                        "--thresholds " + file + ":1: expected the columns unit and threshold, as in detectors.csv");
            }
            for (CSVRecord row : rows) {
                try {
                    int unit = Integer.parseInt(row.get("unit").strip());
                    values[unit - 1] = Float.parseFloat(row.get("threshold").strip());
                } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                    throw new InputException(
                            "--thresholds " + file + ":" + (row.getRecordNumber() + 1) + ": expected a unit from 1 to "
                                    + units + " and a number",
                            e);
                }
            }
        }
        return values;
    }
}
