package org.netdissect.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GitLfs;
import org.netdissect.base.InputException;

/**
 * A CSV file with a header, read row by row: UTF-8 with or without a byte order mark, any line ends, columns in any
 * order. Columns without a name, such as the row numbers that pandas writes, are skipped. A row is one line, so that an
 * unclosed quote affects only that row.
 */
public final class CsvTable implements Closeable {
    // spreadsheets export UTF-8 with this mark before the first column's name
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final char NOT_UTF_8 = '\uFFFD';
    private static final CSVFormat FORMAT = CSVFormat.RFC4180;

    /** Characters in the longest row; a longer one is a fault. */
    public static final int LONGEST_ROW = BoundedLines.LONGEST;

    private final String file;
    private final FaultSink sink;
    private final BoundedLines reader;
    private final Map<String, Integer> columns = new LinkedHashMap<>();
    /** Fields in a row, those without a name included. */
    private int width;

    private int line;

    private CsvTable(String file, FaultSink sink, BoundedLines reader) {
        this.file = file;
        this.sink = sink;
        this.reader = reader;
    }

    /** Opens {@code folder/file}; a missing file or required column is a fault and gives null. */
    public static @Nullable CsvTable open(Path folder, String file, List<String> required, FaultSink sink)
            throws IOException {
        Path path = folder.resolve(file);
        if (!Files.isRegularFile(path)) {
            sink.broken(new Fault(
                    file, 0, "", "no such file, expected a table with the columns " + String.join(", ", required)));
            return null;
        }
        // not Files.newBufferedReader, which throws at bytes that are not UTF-8 and hides the rows around them
        CsvTable table = new CsvTable(
                file,
                sink,
                new BoundedLines(new InputStreamReader(Files.newInputStream(path), StandardCharsets.UTF_8)));
        boolean usable = false;
        try {
            usable = table.readHeader(required);
        } finally {
            if (!usable) {
                table.close();
            }
        }
        return usable ? table : null;
    }

    /** Opens a file; its first fault, now or in a later row, throws {@link InputException}. */
    public static CsvTable open(Path file, List<String> required) throws IOException {
        CsvTable table = open(Path.of(""), file.toString(), required, new Refusal());
        if (table == null) {
            throw new IllegalStateException(file + " was refused without a fault");
        }
        return table;
    }

    private record Refusal() implements FaultSink {
        @Override
        public void broken(Fault fault) {
            throw new InputException(fault.toString());
        }

        @Override
        public void doubtful(Fault fault) {
            // a doubtful row is still used
        }
    }

    private boolean readHeader(List<String> required) throws IOException {
        @Nullable List<String> names = nextFields();
        if (names == null) {
            sink.broken(
                    new Fault(file, 0, "", "empty, expected a header with the columns " + String.join(", ", required)));
            return false;
        }
        if (GitLfs.isPointer(names.get(0))) {
            sink.broken(new Fault(file, 0, "", GitLfs.POINTER));
            return false;
        }
        for (String name : names) {
            if (!name.isEmpty() && columns.putIfAbsent(name, width) != null) {
                sink.broken(new Fault(file, line, name, "stands twice in the header"));
                return false;
            }
            width++;
        }
        reportUnnamed(names);
        List<String> missing =
                required.stream().filter(name -> !columns.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            sink.broken(new Fault(
                    file,
                    line,
                    "",
                    "no column " + String.join(", ", missing) + "; there are " + String.join(", ", columns())));
        }
        return missing.isEmpty();
    }

    private void reportUnnamed(List<String> names) {
        List<String> unnamed = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isEmpty()) {
                unnamed.add(Integer.toString(i + 1));
            }
        }
        if (unnamed.size() == 1) {
            String guess = unnamed.get(0).equals("1") ? " (pandas' row numbers?)" : "";
            sink.doubtful(
                    new Fault(file, line, "", "column " + unnamed.get(0) + " has no name" + guess + " and is ignored"));
        } else if (!unnamed.isEmpty()) {
            sink.doubtful(new Fault(
                    file, line, "", "columns " + String.join(", ", unnamed) + " have no name and are ignored"));
        }
    }

    /** Names of the columns, in the header's order. */
    public Set<String> columns() {
        return columns.keySet();
    }

    /** The next sound row, or null at the end; rows with too few or too many fields are faults and skipped. */
    public @Nullable CsvRow next() throws IOException {
        for (@Nullable List<String> fields = nextFields(); fields != null; fields = nextFields()) {
            if (fields.size() == width) {
                return new CsvRow(file, line, columns, fields, sink);
            }
            sink.broken(new Fault(file, line, "", fields.size() + " fields, expected " + width + " as in the header"));
        }
        return null;
    }

    private @Nullable List<String> nextFields() throws IOException {
        for (@Nullable String text = reader.next(); text != null; text = reader.next()) {
            line++;
            if (reader.cut()) {
                sink.broken(new Fault(file, line, "", "the row has more than " + LONGEST_ROW + " characters"));
                continue;
            }
            String row = line == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
            if (row.isBlank()) {
                continue;
            }
            if (row.indexOf(NOT_UTF_8) >= 0) {
                sink.broken(new Fault(file, line, "", "holds bytes that are not UTF-8, expected text in UTF-8"));
            }
            @Nullable List<String> fields = parse(row);
            if (fields != null) {
                return fields;
            }
        }
        return null;
    }

    private @Nullable List<String> parse(String row) {
        try (CSVParser parser = CSVParser.parse(row, FORMAT)) {
            return parser.getRecords().get(0).stream().map(String::strip).toList();
        } catch (IOException | UncheckedIOException e) {
            sink.broken(new Fault(
                    file,
                    line,
                    "",
                    "quotes do not match, expected fields such as \"a, b\", with a quote inside written twice"));
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
