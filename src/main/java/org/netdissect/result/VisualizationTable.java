package org.netdissect.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.table.CsvRow;
import org.netdissect.table.CsvTable;
import org.netdissect.table.CsvText;

/**
 * {@code visualizations.csv}: one row per image of a layer. Empty cells are numbers that do not exist. The ratios to the
 * best probe image are written, and derived again by the reader.
 */
public final class VisualizationTable {
    /** Name of the file in a layer's folder. */
    public static final String NAME = "visualizations.csv";

    private static final List<String> HEADER = List.of(
            "image",
            "objective",
            "unit",
            "channel",
            "name",
            "tail",
            "variant",
            "seed",
            "steps",
            "start",
            "end",
            "probe-best",
            "above-probe",
            "under-moves",
            "under-moves-above-probe",
            "first-under-moves",
            "spectrum-distance",
            "state",
            "note");
    private static final long MOST_BYTES = 1 << 27;
    /** Image names that cannot lead out of the folder. */
    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");

    private static final String POSITIVE = "positive";
    private static final String NEGATIVE = "negative";

    private VisualizationTable() {}

    /** The whole file, in the rows' order. */
    public static String csv(List<Visualized> rows) {
        CsvText table = new CsvText(HEADER);
        for (Visualized row : rows) {
            table.add(Arrays.asList(
                    row.image(),
                    row.objective(),
                    row.unit(),
                    row.channel(),
                    row.name(),
                    row.negative() ? NEGATIVE : POSITIVE,
                    row.variant(),
                    row.seed(),
                    row.steps(),
                    row.start(),
                    row.end(),
                    row.probeBest(),
                    row.aboveProbe(),
                    row.underMoves(),
                    row.underMovesAboveProbe(),
                    row.firstUnderMoves(),
                    row.spectrumDistance(),
                    row.state(),
                    row.note()));
        }
        return table.toString();
    }

    /** Reads a whole table, which may be empty. Throws {@link InputException}, with row and column, for a wrong one. */
    public static List<Visualized> read(Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) > MOST_BYTES) {
            throw new InputException(file + ": has " + Files.size(file) + " bytes, expected at most " + MOST_BYTES);
        }
        List<Visualized> rows = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        try (CsvTable table = CsvTable.open(file, HEADER)) {
            for (CsvRow row = table.next(); row != null; row = table.next()) {
                Visualized read = visualized(row);
                if (!seen.add(read.image())) {
                    row.broken("image", read.image() + " stands in an earlier row, expected each image once");
                }
                rows.add(read);
            }
        }
        return rows;
    }

    private static Visualized visualized(CsvRow row) {
        String image = row.text("image");
        if (!IMAGE.matcher(image).matches()) {
            row.broken("image", "'" + image + "', expected the name of a PNG without its ending, such as channel-0007");
        }
        return new Visualized(
                image,
                constant(row, "objective", Visualized.Objective.values()),
                channel(row),
                row.text("name"),
                isNegative(row),
                row.integer("variant", 1, Integer.MAX_VALUE).orElseThrow(),
                seed(row),
                row.integer("steps", 0, Integer.MAX_VALUE).orElseThrow(),
                number(row, "start"),
                number(row, "end"),
                number(row, "probe-best"),
                number(row, "under-moves"),
                number(row, "first-under-moves"),
                number(row, "spectrum-distance"),
                constant(row, "state", Visualized.State.values()),
                row.text("note"));
    }

    private static <T extends Enum<T>> T constant(CsvRow row, String column, T[] values) {
        for (T value : values) {
            if (value.toString().equals(row.text(column))) {
                return value;
            }
        }
        row.broken(
                column,
                "'" + row.text(column) + "', expected "
                        + Arrays.stream(values).map(T::toString).collect(Collectors.joining(", ")));
        throw new IllegalStateException(column + " was refused without a fault");
    }

    private static @Nullable Integer channel(CsvRow row) {
        if (row.text("channel").isEmpty() && row.text("unit").isEmpty()) {
            return null;
        }
        int channel = row.integer("channel", 0, Integer.MAX_VALUE - 1).orElseThrow();
        int unit = row.integer("unit", 1, Integer.MAX_VALUE).orElseThrow();
        if (unit != channel + 1) {
            row.broken("unit", unit + ", but the channel is " + channel + ", expected one more");
        }
        return channel;
    }

    private static boolean isNegative(CsvRow row) {
        String text = row.text("tail");
        if (!text.equals(POSITIVE) && !text.equals(NEGATIVE)) {
            row.broken("tail", "'" + text + "', expected positive or negative");
        }
        return text.equals(NEGATIVE);
    }

    private static long seed(CsvRow row) {
        try {
            return Long.parseLong(row.text("seed"));
        } catch (NumberFormatException e) {
            row.broken("seed", "'" + row.text("seed") + "', expected a whole number");
            return 0;
        }
    }

    private static @Nullable Double number(CsvRow row, String column) {
        String text = row.text(column);
        if (text.isEmpty()) {
            return null;
        }
        double value = Double.NaN;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            // refused below, as NaN is
        }
        if (!Double.isFinite(value)) {
            row.broken(column, "'" + text + "', expected a number, or nothing where there is none");
        }
        return value;
    }
}
