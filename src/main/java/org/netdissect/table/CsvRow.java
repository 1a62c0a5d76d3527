package org.netdissect.table;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.WholeNumbers;

/** One row of a table, with as many fields as the header. Its faults go to the sink. */
public final class CsvRow {
    private final String file;
    private final int number;
    private final Map<String, Integer> columns;
    private final List<String> fields;
    private final FaultSink sink;

    CsvRow(String file, int number, Map<String, Integer> columns, List<String> fields, FaultSink sink) {
        this.file = file;
        this.number = number;
        this.columns = columns;
        this.fields = fields;
        this.sink = sink;
    }

    /** Line of the file, the header being 1. */
    public int number() {
        return number;
    }

    /** The field, empty where the table has no such column. */
    public String text(String column) {
        @Nullable Integer position = columns.get(column);
        return position == null ? "" : fields.get(position);
    }

    /** The whole number in the field; anything else, or a number out of range, is a fault and gives empty. */
    public OptionalInt integer(String column, int least, int greatest) {
        OptionalInt value = WholeNumbers.parse(text(column));
        if (value.isPresent() && value.getAsInt() >= least && value.getAsInt() <= greatest) {
            return value;
        }
        broken(column, "'" + text(column) + "', expected a whole number from " + least + " to " + greatest);
        return OptionalInt.empty();
    }

    /** The number in the field, finite and not negative; anything else is a fault and gives empty. */
    public OptionalDouble amount(String column) {
        OptionalDouble value = parseAmount(text(column));
        if (value.isEmpty()) {
            broken(column, "'" + text(column) + "', expected a number, 0 or more");
        }
        return value;
    }

    /** Checks columns that nothing reads: a field that is neither empty nor an amount is a doubtful fault. */
    public void expectAmounts(String... unread) {
        for (String column : unread) {
            String text = text(column);
            if (!text.isEmpty() && parseAmount(text).isEmpty()) {
                doubtful(column, "'" + text + "', expected a number, 0 or more");
            }
        }
    }

    private static OptionalDouble parseAmount(String text) {
        try {
            double value = Double.parseDouble(text);
            return value >= 0 && value < Double.POSITIVE_INFINITY ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /** Reports a fault that makes this row useless. */
    public void broken(String column, String message) {
        sink.broken(new Fault(file, number, column, message));
    }

    /** Reports a fault that leaves this row usable. */
    public void doubtful(String column, String message) {
        sink.doubtful(new Fault(file, number, column, message));
    }
}
