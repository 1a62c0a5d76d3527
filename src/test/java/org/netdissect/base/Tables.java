package org.netdissect.base;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads detector tables. */
public final class Tables {
    private Tables() {}

    /** All rows of a table. */
    public static List<CSVRecord> read(Path file) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (Reader reader = Files.newBufferedReader(file);
                CSVParser parser = CSVParser.parse(reader, format)) {
            return parser.getRecords();
        }
    }

    /** Rows of a table by the column unit. */
    public static Map<String, CSVRecord> byUnit(Path file) throws IOException {
        Map<String, CSVRecord> rows = new LinkedHashMap<>();
        read(file).forEach(row -> rows.put(row.get("unit"), row));
        return rows;
    }
}
