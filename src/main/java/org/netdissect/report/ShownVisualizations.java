package org.netdissect.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.Tail;
import org.netdissect.image.Rasters;
import org.netdissect.result.LayerReport;
import org.netdissect.result.VisualizationFolder;
import org.netdissect.result.Visualized;

/**
 * Images by optimisation beside the units of a report. Those inside the run directory are shown from there; others are
 * copied, so that the report can be moved.
 */
final class ShownVisualizations {
    private static final String LOWER = "-lower";

    private final ReportFiles files;
    private final @Nullable VisualizationFolder folder;
    private int unreadable;
    private String first = "";

    ShownVisualizations(ReportFiles files, @Nullable VisualizationFolder folder) {
        this.files = files;
        this.folder = folder;
    }

    /** The images of one layer's units. */
    record Layer(Map<Integer, SheetUnit.Tile> positive, Map<Integer, SheetUnit.Tile> negative, Tail tail) {
        /** The unit's images with its label in their titles, that of the report's tail first. */
        List<SheetUnit.Tile> of(int channel, String label) {
            Stream<Map<Integer, SheetUnit.Tile>> order =
                    tail == Tail.UPPER ? Stream.of(positive, negative) : Stream.of(negative, positive);
            return order.flatMap(tiles -> Optional.ofNullable(tiles.get(channel)).stream())
                    .map(tile -> tile.labelled(label))
                    .toList();
        }
    }

    /** Finds, and where necessary copies, the images of a layer. */
    Layer of(LayerReport report, Path page) throws IOException {
        Layer shown = new Layer(new HashMap<>(), new HashMap<>(), report.tail());
        if (folder == null) {
            return shown;
        }
        String layer = layer(report);
        for (Visualized row : folder.rows(layer)) {
            Path image = folder.layer(layer).resolve(row.file());
            Integer channel = row.channel();
            if (row.objective() == Visualized.Objective.CHANNEL
                    && channel != null
                    && row.variant() == 1
                    && Files.isRegularFile(image)) {
                try {
                    (row.negative() ? shown.negative : shown.positive).put(channel, tile(row, layer, image, page));
                } catch (InputException e) {
                    first = unreadable++ == 0 ? String.valueOf(e.getMessage()) : first;
                }
            }
        }
        return shown;
    }

    /** The layer whose units a report shows; the lower tail of a layer has its own name. */
    private static String layer(LayerReport report) {
        String name = report.layer();
        return report.tail() == Tail.LOWER && name.endsWith(LOWER)
                ? name.substring(0, name.length() - LOWER.length())
                : name;
    }

    private SheetUnit.Tile tile(Visualized row, String layer, Path image, Path page) throws IOException {
        GridSize size = Rasters.readSize(image);
        Optional<Path> inside = files.inside(image);
        Path shown = inside.isPresent() ? inside.get() : copy(image, files.visualization(layer, row.file()));
        return SheetUnits.tile(row, size).beside(ReportFiles.address(page, shown));
    }

    private static Path copy(Path image, Path target) throws IOException {
        Files.createDirectories(target.resolveSibling(""));
        return Files.copy(image, target, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Note on images that could not be read, if any. */
    Optional<String> obstacle() {
        return unreadable == 0
                ? Optional.empty()
                : Optional.of(unreadable + (unreadable == 1 ? " visualisation" : " visualisations")
                        + " cannot be read; the first: " + first);
    }
}
