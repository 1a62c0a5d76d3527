package org.netdissect.visualize;

import java.io.IOException;
import java.nio.file.Path;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.image.BilinearResize;
import org.netdissect.image.Brightness;
import org.netdissect.image.Rasters;
import org.netdissect.network.FloatTensor;

/** The image of {@code --from}, in whole levels of 8 bits. */
final class Origin {
    /** Greatest side of an image that starts as a photograph, unless --size says otherwise. */
    private static final int USUAL_PHOTOGRAPH = 512;

    private static final int COLOURS = 3;
    private static final int WHITE = 255;
    /** Forgives a distance that was written as a decimal number. */
    private static final double ROUNDING = 1e-3;

    private Origin() {}

    /** The size of the image, made smaller where it is a large photograph. */
    static GridSize size(Path file) throws IOException {
        GridSize size = Rasters.readSize(file);
        double shrink = Math.min(1, (double) USUAL_PHOTOGRAPH / Math.max(size.height(), size.width()));
        return new GridSize(Math.max(1, (int) Math.round(size.height() * shrink)), Math.max(1, (int)
                Math.round(size.width() * shrink)));
    }

    /**
     * Reads the image as {@code [1][channels][height][width]} from 0 to 1, of a size; for one channel it is made grey
     * first, as a dissection's images are.
     *
     * @throws InputException where the file is no image, or the network's input is neither in colour nor grey
     */
    static FloatTensor read(Path file, GridSize size, int channels) throws IOException {
        if (!ProbeImages.have(channels)) {
            throw new InputException("--from " + file + ": the network takes " + channels
                    + " channels; an image can be given to one that takes 3, or 1 (grey)");
        }
        GridSize stored = Rasters.readSize(file);
        byte[] rgb = Rasters.readRgb(file, stored);
        byte[] coloured = channels == 1 ? Brightness.rgb(rgb) : rgb;
        byte[] pixels = stored.equals(size) ? coloured : BilinearResize.resize(coloured, stored, size);
        float[] values = new float[channels * size.cells()];
        for (int channel = 0; channel < channels; channel++) {
            for (int pixel = 0; pixel < size.cells(); pixel++) {
                values[channel * size.cells() + pixel] = (pixels[pixel * COLOURS + channel] & 0xff) / (float) WHITE;
            }
        }
        return new FloatTensor(values, 1, channels, size.height(), size.width());
    }

    /**
     * The distance in whole levels of 8 bits, so that rounding the image leaves it within.
     *
     * @param within from 0 to 1
     * @throws InputException for less than one level
     */
    static double wholeLevels(double within) {
        double levels = Math.floor(within * WHITE + ROUNDING);
        if (levels < 1) {
            throw new InputException("--within " + within + ": is less than one of an image's 255 levels, so that the "
                    + "image could not change; expected at least 1/255");
        }
        return levels / WHITE;
    }
}
