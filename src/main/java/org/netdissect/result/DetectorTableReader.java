package org.netdissect.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netdissect.align.ConceptScore;
import org.netdissect.align.LayerScores;
import org.netdissect.align.UnitScores;
import org.netdissect.base.InputException;
import org.netdissect.base.Tail;
import org.netdissect.table.CsvRow;
import org.netdissect.table.CsvTable;
import org.netdissect.table.Fault;

/**
 * Reads detector tables: our {@code detectors.csv}, {@code *-result.csv} of NetDissect (2017), {@code tally.csv} of
 * NetDissect-Lite. All have unit, category, label and score, and for each category its label, truth, activation,
 * intersect and iou; columns may be in any order, and others are ignored.
 */
public final class DetectorTableReader {
    private static final List<String> UNIT = List.of("unit", "category", "label", "score");
    private static final String LABEL = "-label";
    private static final List<String> TERMS = List.of("-truth", "-activation", "-intersect", "-iou");

    /** Greatest size of a file; a table of 100,000 units has about 40 MB. */
    private static final long MOST_BYTES = 1 << 27;

    private static final int MOST_UNITS = 1 << 18;
    private static final int MOST_CATEGORIES = 200;
    /** Greatest count that is exact as a double, the form in which some programs write counts. */
    private static final double MOST_PIXELS = 1L << 53;
    /** Greatest difference of equal IoUs: NetDissect-Lite adds 1e-10 to unions, and some tables have six digits. */
    private static final double SAME_IOU = 1e-6;

    private final String file;
    private final CsvTable rows;
    private final List<String> categories;
    private final Map<String, Integer> numbers = new LinkedHashMap<>(Map.of("", 0));
    private final List<UnitScores> units = new ArrayList<>();
    private final Set<Integer> seen = new HashSet<>();
    private final Set<Integer> tied = new HashSet<>();
    private int disagreements;
    private String firstDisagreement = "";
    private @Nullable Tail tail;

    private DetectorTableReader(String file, CsvTable rows, List<String> categories) {
        this.file = file;
        this.rows = rows;
        this.categories = categories;
    }

    /** Reads a whole table. Throws {@link InputException}, with row and column, for a wrong one. */
    public static StoredTable read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": " + (Files.exists(file) ? "is no file" : "no such file")
                    + ", expected a detector table, such as OUT/LAYER/detectors.csv");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new InputException(file + ": has " + Files.size(file) + " bytes, expected at most " + MOST_BYTES);
        }
        try (CsvTable rows = CsvTable.open(file, UNIT)) {
            return new DetectorTableReader(file.toString(), rows, categories(file, rows)).table();
        }
    }

    private static List<String> categories(Path file, CsvTable rows) {
        List<String> categories = new ArrayList<>();
        for (String column : rows.columns()) {
            if (column.endsWith(LABEL) && column.length() > LABEL.length()) {
                String category = column.substring(0, column.length() - LABEL.length());
                List<String> missing = TERMS.stream()
                        .map(term -> category + term)
                        .filter(term -> !rows.columns().contains(term))
                        .toList();
                if (!missing.isEmpty()) {
                    throw new InputException(
                            new Fault(file.toString(), 1, "", "no column " + String.join(", ", missing)).toString());
                }
                categories.add(category);
            }
        }
        if (categories.isEmpty() || categories.size() > MOST_CATEGORIES) {
            throw new InputException(file + ":1: columns of " + categories.size() + " categories, expected 1 to "
                    + MOST_CATEGORIES + ", each with CATEGORY-label, -truth, -activation, -intersect and -iou");
        }
        return categories;
    }

    private StoredTable table() throws IOException {
        for (CsvRow row = rows.next(); row != null; row = rows.next()) {
            units.add(unit(row));
            if (units.size() > MOST_UNITS) {
                throw new InputException(file + ": more than " + MOST_UNITS + " units");
            }
        }
        if (units.isEmpty()) {
            throw new InputException(file + ": holds no unit, expected a row for each");
        }
        units.sort(
                Comparator.comparingDouble((UnitScores scores) -> -scores.best().iou())
                        .thenComparingInt(UnitScores::unit));
        return new StoredTable(
                file,
                categories,
                List.copyOf(numbers.keySet()),
                new LayerScores(units),
                disagreements,
                firstDisagreement,
                tail == null ? Tail.UPPER : tail,
                tied);
    }

    private UnitScores unit(CsvRow row) {
        int unit = row.integer("unit", 1, Integer.MAX_VALUE).orElseThrow();
        if (!seen.add(unit)) {
            row.broken("unit", unit + " stands in an earlier row, expected each unit once");
        }
        List<ConceptScore> scores =
                categories.stream().map(category -> score(row, category)).toList();
        int category = categories.indexOf(row.text("category"));
        if (category < 0 && !row.text("category").isEmpty()) {
            row.broken("category", "'" + row.text("category") + "', expected one of " + String.join(", ", categories));
        }
        UnitScores read = new UnitScores(unit - 1, threshold(row), scores, category);
        expectBest(row, read);
        if (isTied(row, readTail(row), category)) {
            tied.add(read.unit());
        }
        return read;
    }

    /** Reads the tail, the same in all rows; without the column it is the upper tail. */
    private Tail readTail(CsvRow row) {
        String text = row.text("tail");
        Tail own = text.equals(Tail.LOWER.toString()) ? Tail.LOWER : Tail.UPPER;
        if (!text.isEmpty() && !text.equals(own.toString())) {
            row.broken("tail", "'" + text + "', expected upper or lower");
        }
        if (tail != null && tail != own) {
            row.broken("tail", own + ", but the rows before are of the " + tail + " tail, expected one in a table");
        }
        tail = own;
        return own;
    }

    /** Older tables have no column {@code tied}: in these, units of the lower tail without a label count as tied. */
    private static boolean isTied(CsvRow row, Tail tail, int category) {
        String text = row.text("tied");
        if (!List.of("", "0", "1").contains(text)) {
            row.broken("tied", "'" + text + "', expected 0 or 1");
        }
        return text.isEmpty() ? tail == Tail.LOWER && category < 0 : text.equals("1");
    }

    /** Refuses a unit whose label and score are not those of its category. */
    private void expectBest(CsvRow row, UnitScores unit) {
        double score = iou(row, "score");
        if (Math.abs(score - unit.best().iou()) > SAME_IOU) {
            row.broken(
                    "score",
                    score + ", but " + source(unit, "-iou") + " is "
                            + unit.best().iou());
        }
        String label = unit.category() < 0 ? "" : row.text(categories.get(unit.category()) + LABEL);
        if (!row.text("label").equals(label)) {
            row.broken("label", "'" + row.text("label") + "', but " + source(unit, LABEL) + " is '" + label + "'");
        }
    }

    private String source(UnitScores unit, String column) {
        return unit.category() < 0 ? "without a category it" : categories.get(unit.category()) + column;
    }

    private ConceptScore score(CsvRow row, String category) {
        String label = row.text(category + LABEL);
        if (label.isEmpty()
                && TERMS.stream().allMatch(term -> row.text(category + term).isEmpty())) {
            return ConceptScore.NONE;
        }
        long truth = pixels(row, category + "-truth");
        long activation = pixels(row, category + "-activation");
        long intersect = pixels(row, category + "-intersect");
        double iou = iou(row, category + "-iou");
        long union = truth + activation - intersect;
        double expected = union > 0 ? (double) intersect / union : 0;
        if (Math.abs(iou - expected) > SAME_IOU && disagreements++ == 0) {
            firstDisagreement = file + ":" + row.number() + ": " + category + "-iou is " + iou
                    + ", but intersect / (truth + activation - intersect) is " + expected;
        }
        Integer number = numbers.computeIfAbsent(label, name -> numbers.size());
        return new ConceptScore(number, truth, activation, intersect, iou);
    }

    /** Reads a count, which NetDissect writes as 51914 or as 1016043.0. */
    private static long pixels(CsvRow row, String column) {
        double value = row.amount(column).orElseThrow();
        if (value != Math.rint(value) || value > MOST_PIXELS) {
            row.broken(column, "'" + row.text(column) + "', expected a whole number of pixels");
        }
        return (long) value;
    }

    private static double iou(CsvRow row, String column) {
        double value = row.amount(column).orElseThrow();
        if (value > 1) {
            row.broken(column, "'" + row.text(column) + "', expected an IoU from 0 to 1");
        }
        return value;
    }

    private static float threshold(CsvRow row) {
        String text = row.text("threshold");
        try {
            return text.isEmpty() ? Float.NaN : Float.parseFloat(text);
        } catch (NumberFormatException e) {
            row.broken("threshold", "'" + text + "', expected a number");
            return Float.NaN;
        }
    }
}
