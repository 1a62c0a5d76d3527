package org.netdissect.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.image.BilinearResize;
import org.netdissect.image.Rasters;

/** The pictures of a contact sheet, each read and scaled once, since the sheet is written again as it grows. */
final class SheetPictures {
    private final Path folder;
    private final int side;
    private final Map<String, Picture> pictures = new HashMap<>();

    /**
     * A picture.
     *
     * @param size of its file
     * @param thumbnail with a longest side of at most the sheet's
     */
    record Picture(GridSize size, BufferedImage thumbnail) {}

    SheetPictures(Path folder, int side) {
        this.folder = folder;
        this.side = side;
    }

    /** A picture by the name of its file, or null if there is no such file yet. */
    @Nullable
    Picture find(String file) throws IOException {
        Picture picture = pictures.get(file);
        Path path = folder.resolve(file);
        if (picture == null && Files.isRegularFile(path)) {
            picture = read(path);
            pictures.put(file, picture);
        }
        return picture;
    }

    private Picture read(Path file) throws IOException {
        GridSize size = Rasters.readSize(file);
        byte[] rgb = Rasters.readRgb(file, size);
        GridSize small = size.within(side);
        byte[] scaled = BilinearResize.resize(rgb, size, small);
        BufferedImage thumbnail = new BufferedImage(small.width(), small.height(), BufferedImage.TYPE_3BYTE_BGR);
        int[] row = new int[small.width()];
        for (int y = 0; y < small.height(); y++) {
            for (int x = 0; x < row.length; x++) {
                int at = 3 * (y * row.length + x);
                row[x] = (scaled[at] & 0xff) << 16 | (scaled[at + 1] & 0xff) << 8 | (scaled[at + 2] & 0xff);
            }
            thumbnail.setRGB(0, y, row.length, 1, row, 0, row.length);
        }
        return new Picture(size, thumbnail);
    }
}
