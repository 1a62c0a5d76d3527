package org.netdissect.broden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.image.Raster;
import org.netdissect.labels.Category;
import org.netdissect.labels.LabelTable;
import org.netdissect.table.CsvRow;
import org.netdissect.table.CsvTable;
import org.netdissect.table.Fault;
import org.netdissect.table.FaultSink;

/** Reads index.csv. Equal values of its 63,305 rows (in the released Broden) are stored once. */
final class IndexReader {
    static final String FILE = "index.csv";
    static final List<String> COLUMNS = List.of("image", "split", "ih", "iw", "sh", "sw");

    private final List<Category> categories;
    private final CellParser cells;
    private final Map<GridSize, GridSize> sizes = new HashMap<>();
    private final Map<String, String> splits = new HashMap<>();
    private final Set<String> files = new HashSet<>();

    private IndexReader(List<Category> categories, CellParser cells) {
        this.categories = categories;
        this.cells = cells;
    }

    /**
     * The sound rows in order.
     *
     * @param categories null where unknown: only the images are read then
     * @param labels null where unknown: any label number is taken then
     */
    static List<ProbeImage> read(
            Path folder, @Nullable List<Category> categories, @Nullable LabelTable labels, FaultSink sink)
            throws IOException {
        List<ProbeImage> images = new ArrayList<>();
        try (CsvTable table = CsvTable.open(folder, FILE, COLUMNS, sink)) {
            if (table == null) {
                return images;
            }
            if (categories != null) {
                checkColumns(categories, table.columns(), sink);
            }
            IndexReader reader = new IndexReader(categories == null ? List.of() : categories, new CellParser(labels));
            for (CsvRow row = table.next(); row != null; row = table.next()) {
                ProbeImage image = reader.image(row);
                if (image != null) {
                    images.add(image);
                }
            }
            if (reader.files.isEmpty()) {
                sink.broken(new Fault(FILE, 0, "", "lists no image"));
            }
        }
        return images;
    }

    private static void checkColumns(List<Category> categories, Set<String> columns, FaultSink sink) {
        Set<String> unknown = new HashSet<>(columns);
        COLUMNS.forEach(unknown::remove);
        for (Category category : categories) {
            if (!unknown.remove(category.name())) {
                String expected = "no such column, expected one for each category of " + CategoryReader.FILE;
                sink.broken(new Fault(FILE, 1, category.name(), expected));
            }
        }
        for (String column : unknown) {
            sink.doubtful(new Fault(FILE, 1, column, "is no category of " + CategoryReader.FILE + " and not read"));
        }
    }

    private @Nullable ProbeImage image(CsvRow row) {
        String file = row.text("image");
        String fault = RelativePaths.fault(file);
        if (fault != null) {
            row.broken("image", fault);
        }
        if (!files.add(file)) {
            row.doubtful("image", "'" + file + "' stands in an earlier row, and counts twice");
        }
        GridSize imageSize = size(row, "ih", "iw");
        GridSize labelSize = size(row, "sh", "sw");
        List<List<Cell>> parsed = new ArrayList<>(categories.size());
        for (Category category : categories) {
            parsed.add(cells.parse(row, category.name()));
        }
        if (fault != null || imageSize == null || labelSize == null) {
            return null;
        }
        String split = splits.computeIfAbsent(row.text("split"), name -> name);
        return new ProbeImage(row.number(), file, split, imageSize, labelSize, parsed);
    }

    private @Nullable GridSize size(CsvRow row, String heightColumn, String widthColumn) {
        OptionalInt height = row.integer(heightColumn, 1, Raster.GREATEST_SIDE);
        OptionalInt width = row.integer(widthColumn, 1, Raster.GREATEST_SIDE);
        if (height.isEmpty() || width.isEmpty()) {
            return null;
        }
        return sizes.computeIfAbsent(new GridSize(height.getAsInt(), width.getAsInt()), size -> size);
    }
}
