package org.netdissect.image;

import org.jspecify.annotations.Nullable;

/** Converts the samples of a PNG's rows to RGB. */
final class PngSamples {
    private final PngHeader header;
    private final byte @Nullable [] palette;
    private final byte[] rgb; // [height][width][3]

    PngSamples(PngHeader header, byte @Nullable [] palette) {
        this.header = header;
        this.palette = palette;
        this.rgb = new byte[Math.multiplyExact(3, header.size().cells())];
    }

    byte[] rgb() {
        return rgb;
    }

    /**
     * Adds a row of {@code width} pixels.
     *
     * @param start index of the first sample in {@code row}
     * @param target position of the first pixel in the image
     * @param step distance in the image from one pixel to the next
     */
    void add(byte[] row, int start, int width, int target, int step) throws BadRasterException {
        if (header.colour() == 2 && step == 1) {
            System.arraycopy(row, start, rgb, 3 * target, 3 * width);
        } else if (header.colour() == 2 || header.colour() == 6) {
            addColours(row, start, width, 3 * target, 3 * step);
        } else if (palette != null && header.colour() == 3) {
            addPaletteColours(palette, row, start, width, 3 * target, 3 * step);
        } else {
            addGreys(row, start, width, 3 * target, 3 * step);
        }
    }

    private void addColours(byte[] row, int start, int width, int target, int step) {
        int channels = header.channels();
        int in = start;
        int out = target;
        for (int x = 0; x < width; x++, in += channels, out += step) {
            rgb[out] = row[in];
            rgb[out + 1] = row[in + 1];
            rgb[out + 2] = row[in + 2];
        }
    }

    private void addPaletteColours(byte[] colours, byte[] row, int start, int width, int target, int step)
            throws BadRasterException {
        int out = target;
        for (int x = 0; x < width; x++, out += step) {
            int entry = 3 * header.sample(row, start, x);
            if (entry + 3 > colours.length) {
                throw new BadRasterException("is damaged: a pixel lies outside of its palette");
            }
            rgb[out] = colours[entry];
            rgb[out + 1] = colours[entry + 1];
            rgb[out + 2] = colours[entry + 2];
        }
    }

    private void addGreys(byte[] row, int start, int width, int target, int step) {
        int channels = header.channels();
        int greatest = (1 << header.depth()) - 1;
        int out = target;
        for (int x = 0; x < width; x++, out += step) {
            byte grey = (byte) (header.sample(row, start, x * channels) * 255 / greatest);
            rgb[out] = grey;
            rgb[out + 1] = grey;
            rgb[out + 2] = grey;
        }
    }
}
