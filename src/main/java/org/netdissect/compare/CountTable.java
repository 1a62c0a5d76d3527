package org.netdissect.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.netdissect.table.CsvText;
import org.netdissect.table.MarkdownTable;
import org.netdissect.table.TextTable;

/**
 * Counts of several layers as text, Markdown, CSV and JSON. The columns have the categories of all rows, in order of
 * their first appearance; a cell is empty, not 0, where a row's table lacks the category.
 */
final class CountTable {
    private static final String NONE = "-";

    private final List<CountRow> rows;
    private final Set<String> categories = new LinkedHashSet<>();
    private final boolean layersKnown;

    CountTable(List<CountRow> rows) {
        this.rows = List.copyOf(rows);
        rows.forEach(row -> categories.addAll(row.categories().keySet()));
        layersKnown = rows.stream().anyMatch(row -> !row.layer().isEmpty());
    }

    /** Text for a terminal; a category's cell is {@code unique/detectors}. */
    String text() {
        TextTable table = new TextTable(leftColumns(), header());
        rows().forEach(table::add);
        return table.toString();
    }

    /** The same in Markdown. */
    String markdown() {
        MarkdownTable table = new MarkdownTable(leftColumns(), header());
        rows().forEach(table::add);
        return table.toString();
    }

    /** The rows as {@link #text} has them. */
    List<List<String>> rows() {
        return rows.stream().map(this::cells).toList();
    }

    int leftColumns() {
        return layersKnown ? 3 : 2;
    }

    List<String> header() {
        List<String> header = new ArrayList<>(List.of("network"));
        if (layersKnown) {
            header.add("layer");
        }
        header.addAll(List.of("rule", "units", "detectors", "unique"));
        header.addAll(categories);
        return header;
    }

    private List<String> cells(CountRow row) {
        List<String> cells = new ArrayList<>(List.of(row.network()));
        if (layersKnown) {
            cells.add(row.layer());
        }
        cells.add(row.rule().toString());
        cells.add(Integer.toString(row.units()));
        cells.add(Integer.toString(row.all().detectors()));
        cells.add(Integer.toString(row.all().unique()));
        for (String category : categories) {
            CountRow.@Nullable Count count = row.categories().get(category);
            cells.add(count == null ? NONE : count.unique() + "/" + count.detectors());
        }
        return cells;
    }

    /** CSV with the columns of the authors' counts: {@code unique-all}, {@code unique-CATEGORY}, ... */
    String csv() {
        List<String> header = new ArrayList<>(List.of("network", "layer", "units", "iou", "rule"));
        for (String kind : List.of("unique-", "detectors-")) {
            header.add(kind + "all");
            categories.forEach(category -> header.add(kind + category));
        }
        CsvText text = new CsvText(header);
        for (CountRow row : rows) {
            List<Object> cells =
                    new ArrayList<>(List.of(row.network(), row.layer(), row.units(), row.iou(), row.rule()));
            addCounts(cells, row, CountRow.Count::unique);
            addCounts(cells, row, CountRow.Count::detectors);
            text.add(cells);
        }
        return text.toString();
    }

    private void addCounts(List<Object> cells, CountRow row, ToIntFunction<CountRow.Count> kind) {
        cells.add(kind.applyAsInt(row.all()));
        for (String category : categories) {
            CountRow.@Nullable Count count = row.categories().get(category);
            cells.add(count == null ? "" : kind.applyAsInt(count));
        }
    }

    /** One object per row. */
    List<Map<String, Object>> json() {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (CountRow row : rows) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("network", row.network());
            object.put("layer", row.layer());
            object.put("units", row.units());
            object.put("iou", row.iou());
            object.put("rule", row.rule().toString());
            object.put("unique", row.all().unique());
            object.put("detectors", row.all().detectors());
            object.put("categories", row.categories());
            objects.add(object);
        }
        return objects;
    }
}
