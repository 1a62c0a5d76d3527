package org.netdissect.broden;

import org.jspecify.annotations.Nullable;

/** Takes the filters off the rows of a PNG (specification, 9.2) and spreads the samples into RGB. */
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

    /** How many of {@code 0..size-1} are {@code first + i * step}. */
    static int count(int size, int first, int step) {
        return Math.max(0, (size - first + step - 1) / step);
    }

    /** Takes the rows of one pass, filtered, from {@code at} on; gives where the next pass starts. */
    int addPass(byte[] samples, int at, int firstRow, int firstColumn, int rowStep, int columnStep)
            throws BadRasterException {
        int width = count(header.size().width(), firstColumn, columnStep);
        int rows = width == 0 ? 0 : count(header.size().height(), firstRow, rowStep);
        int rowBytes = header.rowBytes(width);
        int start = at;
        for (int row = 0; row < rows; row++) {
            unfilter(samples, start + 1, rowBytes, row > 0 ? start - rowBytes : -1, samples[start]);
            int target = (firstRow + row * rowStep) * header.size().width() + firstColumn;
            emit(samples, start + 1, width, 3 * target, 3 * columnStep);
            start += 1 + rowBytes;
        }
        return start;
    }

    /** In place; {@code above} is where the row above starts, or -1. */
    private void unfilter(byte[] s, int start, int length, int above, int filter) throws BadRasterException {
        int step = header.filterStep();
        switch (filter) {
            case 0 -> {}
            case 1 -> {
                for (int i = step; i < length; i++) {
                    s[start + i] = (byte) (s[start + i] + s[start + i - step]);
                }
            }
            case 2 -> {
                for (int i = 0; above >= 0 && i < length; i++) {
                    s[start + i] = (byte) (s[start + i] + s[above + i]);
                }
            }
            case 3 -> {
                for (int i = 0; i < length; i++) {
                    int left = i < step ? 0 : s[start + i - step] & 0xFF;
                    int up = above < 0 ? 0 : s[above + i] & 0xFF;
                    s[start + i] = (byte) (s[start + i] + (left + up) / 2);
                }
            }
            case 4 -> {
                for (int i = 0; i < length; i++) {
                    int left = i < step ? 0 : s[start + i - step] & 0xFF;
                    int up = above < 0 ? 0 : s[above + i] & 0xFF;
                    int corner = above < 0 || i < step ? 0 : s[above + i - step] & 0xFF;
                    s[start + i] = (byte) (s[start + i] + paeth(left, up, corner));
                }
            }
            default -> throw new BadRasterException("is damaged: a PNG row has filter " + filter);
        }
    }

    private static int paeth(int left, int up, int corner) {
        int estimate = left + up - corner;
        int toLeft = Math.abs(estimate - left);
        int toUp = Math.abs(estimate - up);
        int toCorner = Math.abs(estimate - corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }

    private void emit(byte[] s, int start, int width, int target, int targetStep) throws BadRasterException {
        int channels = header.channels();
        int out = target;
        for (int x = 0; x < width; x++, out += targetStep) {
            if (header.colour() == 2 || header.colour() == 6) {
                int in = start + x * channels;
                rgb[out] = s[in];
                rgb[out + 1] = s[in + 1];
                rgb[out + 2] = s[in + 2];
            } else if (palette != null && header.colour() == 3) {
                int entry = 3 * sample(s, start, x);
                if (entry + 3 > palette.length) {
                    throw new BadRasterException("is damaged: a pixel lies outside of its palette");
                }
                System.arraycopy(palette, entry, rgb, out, 3);
            } else {
                int greatest = (1 << header.depth()) - 1;
                byte grey = (byte) (sample(s, start, x * channels) * 255 / greatest);
                rgb[out] = grey;
                rgb[out + 1] = grey;
                rgb[out + 2] = grey;
            }
        }
    }

    private int sample(byte[] s, int start, int index) {
        int depth = header.depth();
        int bit = index * depth;
        return (s[start + bit / 8] >> (8 - depth - bit % 8)) & ((1 << depth) - 1);
    }
}
