package org.netdissect.image;

import org.jspecify.annotations.Nullable;

/** Collects the samples of a grey or palette PNG as numbers, [pixel, row-major]. */
public final class PngNumbers {
    private final PngHeader header;
    private final byte @Nullable [] palette; // [index][3]; null for grey
    private final char[] numbers;

    PngNumbers(PngHeader header, byte @Nullable [] palette) {
        this.header = header;
        this.palette = header.palette() ? palette : null;
        this.numbers = new char[header.size().cells()];
    }

    /** The numbers, [pixel, row-major]; not copied. */
    public char[] numbers() {
        return numbers;
    }

    /** Adds a row as {@link PngSamples#add} does. */
    void add(byte[] row, int start, int width, int target, int step) throws BadRasterException {
        int channels = header.channels();
        int entries = palette == null ? Integer.MAX_VALUE : palette.length / 3;
        for (int x = 0; x < width; x++) {
            int number = header.sample(row, start, x * channels);
            if (number >= entries) {
                throw new BadRasterException("is damaged: a pixel lies outside of its palette");
            }
            numbers[target + x * step] = (char) number;
        }
    }

    /**
     * Refuses a palette if a colour in use, with blue 0, has an R + 256 * G other than its index. Such a file gives two
     * numbers for a pixel, and only its author knows which one is meant.
     */
    public void expectColoursAgree() throws BadRasterException {
        for (int pixel = 0; palette != null && pixel < numbers.length; pixel++) {
            int index = numbers[pixel];
            int red = palette[3 * index] & 0xFF;
            int green = palette[3 * index + 1] & 0xFF;
            int blue = palette[3 * index + 2] & 0xFF;
            if (red + 256 * green != index || blue != 0) {
                int width = header.size().width();
                throw new BadRasterException(
                        "is a palette PNG whose indices and colours are different numbers: pixel x="
                                + pixel % width + ", y=" + pixel / width + " has index " + index + " and RGB (" + red
                                + ", "
                                + green + ", " + blue
                                + "). If the indices are the label numbers, as in VOC's masks, give "
                                + PlaneEncoding.OPTION + " " + PlaneEncoding.INDEX
                                + "; if the colours are (R + 256 * G), save it as RGB");
            }
        }
    }
}
