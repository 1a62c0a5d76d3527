package org.netdissect.image;

import org.netdissect.base.GridSize;

/**
 * The IHDR chunk (PNG specification, third edition, 11.2.1).
 *
 * @param size height and width as claimed
 * @param depth bits per sample
 * @param colour 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
 * @param interlaced in seven passes
 */
record PngHeader(GridSize size, int depth, int colour, boolean interlaced) {
    static final int LENGTH = 13;

    static PngHeader read(byte[] file, int at) throws BadRasterException {
        int width = Png.int32(file, at);
        int height = Png.int32(file, at + 4);
        int depth = file[at + 8];
        int colour = file[at + 9];
        boolean known = switch (colour) {
            case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
            case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
            case 2, 4, 6 -> depth == 8 || depth == 16;
            default -> false;
        };
        if (!known || file[at + 10] != 0 || file[at + 11] != 0 || (file[at + 12] & ~1) != 0) {
            throw new BadRasterException("is damaged: its PNG header makes no sense");
        }
        return new PngHeader(Raster.checkedSize(height, width), depth, colour, file[at + 12] == 1);
    }

    int channels() {
        return switch (colour) {
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
    }

    boolean grey() {
        return colour == 0 || colour == 4;
    }

    /** Reads a sample of a row whose first sample is at {@code start}. */
    int sample(byte[] row, int start, int index) {
        if (depth == 16) {
            return ((row[start + 2 * index] & 0xFF) << 8) | (row[start + 2 * index + 1] & 0xFF);
        }
        int bit = index * depth;
        return (row[start + bit / 8] >> (8 - depth - bit % 8)) & ((1 << depth) - 1);
    }

    boolean palette() {
        return colour == 3;
    }

    /** Bytes of a row of pixels, without its filter byte. */
    int rowBytes(int width) {
        return (width * channels() * depth + 7) / 8;
    }

    /** Bytes between a sample and the sample on its left that filters use. */
    int filterStep() {
        return Math.max(1, channels() * depth / 8);
    }
}
