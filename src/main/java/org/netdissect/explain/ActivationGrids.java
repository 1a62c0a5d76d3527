package org.netdissect.explain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.netdissect.base.GridSize;
import org.netdissect.base.StageListener;
import org.netdissect.network.FloatTensor;
import org.netdissect.report.ClassAttribution;
import org.netdissect.visualize.DirectionImages;

/** Makes activation grids: an image by optimisation for what each place of a layer sees together. */
final class ActivationGrids {
    /** Size of one cell's image in pixels. */
    static final GridSize CELL = new GridSize(64, 64);

    private static final int MOST = 14;
    private static final int COLOURS = 3;

    private final DirectionImages images;
    private final Path scratch;
    private final StageListener listener;

    ActivationGrids(DirectionImages images, Path scratch, StageListener listener) {
        this.images = images;
        this.scratch = scratch;
        this.listener = listener;
    }

    /** The grid of a layer, of at most 14 x 14 cells. */
    ClassAttribution.Grid of(String layer, LayerAttribution attribution) throws IOException {
        GridSize cells = attribution.cells(MOST);
        FloatTensor directions = new FloatTensor(attribution.directions(cells), cells.cells(), attribution.units());
        try (StageListener.Stage stage = listener.begin("activation grid of " + layer, 0, cells.cells())) {
            return new ClassAttribution.Grid(
                    cells, tiled(cells, images.of(layer, directions, scratch, listener::note, stage)));
        }
    }

    /** All images side by side. */
    static ClassAttribution.Picture tiled(GridSize cells, List<byte[]> images) {
        GridSize size = new GridSize(cells.height() * CELL.height(), cells.width() * CELL.width());
        byte[] rgb = new byte[size.cells() * COLOURS];
        int line = CELL.width() * COLOURS;
        for (int cell = 0; cell < images.size(); cell++) {
            int top = cell / cells.width() * CELL.height();
            int left = cell % cells.width() * line;
            for (int y = 0; y < CELL.height(); y++) {
                System.arraycopy(images.get(cell), y * line, rgb, (top + y) * size.width() * COLOURS + left, line);
            }
        }
        return new ClassAttribution.Picture(rgb, size);
    }
}
