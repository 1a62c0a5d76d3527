package org.netdissect.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.netdissect.report.chart.CategoryColors;

/**
 * The contact sheet of a layer's images by optimisation: {@code sheet.png}, and {@code sheet.html} that shows the PNG
 * files beside it. It is written again as the run grows, by one thread at a time.
 */
public final class VisualizationSheet {
    /** Name of the page in a layer's folder. */
    public static final String PAGE = "sheet.html";
    /** Name of the image in a layer's folder. */
    public static final String IMAGE = "sheet.png";

    private final Path folder;
    private final int expected;
    private final SheetPictures pictures;

    /**
     * A sheet.
     *
     * @param folder of the layer, with its images
     * @param expected number of units, classes or directions when the run is complete
     */
    public VisualizationSheet(Path folder, int expected) {
        this.folder = folder;
        this.expected = expected;
        this.pictures = new SheetPictures(folder, ContactSheet.side(expected));
    }

    /**
     * Writes both files, each whole or not at all.
     *
     * @throws org.netdissect.base.InputException where an image is damaged
     */
    public void write(VisualizedLayer layer) throws IOException {
        List<SheetUnit> units = new SheetUnits(pictures, new CategoryColors(layer.categories())).of(layer.items());
        int all = Math.max(expected, SheetUnits.count(layer.items()));
        String noun = layer.items().isEmpty()
                ? "units"
                : VisualizationWording.noun(layer.items().get(0).row());
        String progress = units.size() < all ? units.size() + " of " + all + " " + noun + " so far" : "";
        boolean hasLabels = units.stream().anyMatch(unit -> !unit.label().isEmpty());
        String heading = layer.heading() + (progress.isEmpty() ? "" : " \u2013 " + progress);
        new ContactSheet(heading, all, hasLabels).write(folder.resolve(IMAGE), units, pictures);
        Pages.write(
                folder.resolve(PAGE),
                "sheet.jte",
                Map.of(
                        "frame",
                        PageFrame.of(
                                layer.heading() + " \u2013 netdissect",
                                layer.version(),
                                layer.provenance(),
                                "report.css",
                                "made.css",
                                "sheet.css",
                                "report.js"),
                        "heading",
                        layer.heading(),
                        "progress",
                        progress,
                        "noun",
                        noun,
                        "units",
                        units));
    }
}
