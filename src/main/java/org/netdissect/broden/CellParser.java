package org.netdissect.broden;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.WholeNumbers;
import org.netdissect.labels.LabelTable;
import org.netdissect.table.CsvRow;

/** Reads the cells of index.csv: PNG names and label numbers, separated by {@code ;}. */
final class CellParser {
    private final @Nullable LabelTable labels;
    /** Cells with one label number, shared between rows. */
    private final Map<Integer, List<Cell>> scalarCells = new HashMap<>();

    CellParser(@Nullable LabelTable labels) {
        this.labels = labels;
    }

    /** Returns the valid entries of the cell and reports the others as faults. */
    List<Cell> parse(CsvRow row, String column) {
        String text = row.text(column);
        if (text.isEmpty()) {
            return List.of();
        }
        List<Cell> cells = new ArrayList<>(1);
        for (String entry : text.split(";", -1)) {
            Cell cell = entry.isBlank() ? null : cell(row, column, entry.strip());
            if (cell != null) {
                cells.add(cell);
            }
        }
        return cells.size() == 1 && cells.get(0) instanceof Cell.Scalar scalar
                ? scalarCells.computeIfAbsent(scalar.number(), number -> List.of(scalar))
                : List.copyOf(cells);
    }

    private @Nullable Cell cell(CsvRow row, String column, String entry) {
        if (entry.toLowerCase(Locale.ROOT).endsWith(".png")) {
            String fault = RelativePaths.fault(entry);
            if (fault != null) {
                row.broken(column, fault);
                return null;
            }
            return new Cell.Plane(entry);
        }
        int number = number(entry);
        if (number < 0) {
            row.broken(
                    column,
                    "'" + entry + "', expected the name of a .png file or a label number up to "
                            + LabelTable.GREATEST_NUMBER);
            return null;
        }
        if (number != 0 && labels != null && !labels.isLabel(number)) {
            row.broken(column, "label number " + number + " is not in " + LabelTableReader.FILE);
            return null;
        }
        return new Cell.Scalar(number);
    }

    private static int number(String entry) {
        int number = WholeNumbers.parse(entry).orElse(-1);
        return number <= LabelTable.GREATEST_NUMBER ? number : -1;
    }
}
