package org.netdissect.dissect;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.InputException;
import org.netdissect.table.NpyArray;

/**
 * Thresholds that the user gives: a NumPy file with one value per unit, or a CSV file with the columns unit (from 1)
 * and threshold, with rows in any order.
 *
 * @param file path of the file
 * @param thresholds of all units
 */
record ThresholdFile(Path file, Thresholds thresholds) {
    /** Greatest size in bytes; a detectors.csv of 100,000 units has about 40 MB. */
    private static final long GREATEST_FILE = 1 << 27;

    /** Reads a file. Throws {@link InputException}, with the row, unless there is one finite number for every unit. */
    static ThresholdFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw wrong(file, Files.exists(file) ? "is no file" : "no such file");
        }
        if (Files.size(file) > GREATEST_FILE) {
            throw wrong(file, "has " + Files.size(file) + " bytes, expected at most " + GREATEST_FILE);
        }
        boolean csv = file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
        float[] values = csv ? readCsv(file) : NpyArray.read(file).values();
        for (int unit = 0; unit < values.length; unit++) {
            if (!Float.isFinite(values[unit])) {
                throw wrong(file, "the threshold of unit " + (unit + 1) + " is " + values[unit]);
            }
        }
        return new ThresholdFile(file, new Thresholds(values));
    }

    /** The thresholds. Throws {@link InputException} if their number differs from that of the units. */
    Thresholds forUnits(int units) {
        if (thresholds.units() != units) {
            throw wrong(file, "holds " + thresholds.units() + " thresholds, but the layer has " + units + " units");
        }
        return thresholds;
    }

    private static InputException wrong(Path file, String what) {
        return new InputException("--thresholds " + file + ": " + what);
    }

    private static float[] readCsv(Path file) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        TreeMap<Integer, Float> values = new TreeMap<>();
        try (CSVParser rows = CSVParser.parse(new StringReader(text(file)), format)) {
            if (!rows.getHeaderNames().contains("unit")
                    || !rows.getHeaderNames().contains("threshold")) {
                throw wrong(file, "row 1: expected the columns unit and threshold, as in detectors.csv");
            }
            for (CSVRecord row : rows) {
                read(file, row, values);
            }
        } catch (IllegalArgumentException | UncheckedIOException | IOException e) {
            throw wrong(file, "not a readable CSV file (" + e.getMessage() + ")");
        }
        float[] thresholds = new float[values.size()];
        for (int unit = 1; unit <= thresholds.length; unit++) {
            Float value = values.get(unit);
            if (value == null) {
                throw wrong(file, "no threshold for unit " + unit + ", though there is one for " + values.lastKey());
            }
            thresholds[unit - 1] = value;
        }
        return thresholds;
    }

    private static String text(Path file) throws IOException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw wrong(file, "is not UTF-8 text");
        }
    }

    private static void read(Path file, CSVRecord row, TreeMap<Integer, Float> values) {
        String where = "row " + (row.getRecordNumber() + 1) + ": ";
        try {
            int unit = Integer.parseInt(row.get("unit").strip());
            float threshold = Float.parseFloat(row.get("threshold").strip());
            if (unit < 1 || values.put(unit, threshold) != null) {
                throw wrong(file, where + "unit " + unit + (unit < 1 ? ": units count from 1" : " stands twice"));
            }
        } catch (IllegalArgumentException e) {
            throw wrong(file, where + "expected a unit's number and a threshold");
        }
    }
}
