package org.netdissect.image;

/** Turns the samples of an RGB PNG into R + 256 * G, [pixel, row-major]. Blue has to be 0; alpha is ignored. */
final class PngLabels {
    private final int channels;
    private final int imageWidth;
    private final char[] numbers;

    PngLabels(PngHeader header) {
        this.channels = header.channels();
        this.imageWidth = header.size().width();
        this.numbers = new char[header.size().cells()];
    }

    char[] numbers() {
        return numbers;
    }

    /** Adds a row as {@link PngSamples#add} does. Throws if blue of a pixel is not 0. */
    void add(byte[] row, int start, int width, int target, int step) throws BadRasterException {
        int blue = 0;
        int in = start;
        int end = target + width * step;
        for (int i = target; i < end; i += step, in += channels) {
            numbers[i] = (char) ((row[in] & 0xFF) | ((row[in + 1] & 0xFF) << 8));
            blue |= row[in + 2];
        }
        if (blue != 0) {
            throw blueNotZero(row, start, target, step);
        }
    }

    private BadRasterException blueNotZero(byte[] row, int start, int target, int step) {
        int at = start;
        int pixel = target;
        while (row[at + 2] == 0) {
            at += channels;
            pixel += step;
        }
        return new BadRasterException("pixel x=" + pixel % imageWidth + ", y=" + pixel / imageWidth + " is RGB ("
                + (row[at] & 0xFF) + ", " + (row[at + 1] & 0xFF) + ", " + (row[at + 2] & 0xFF)
                + "), expected blue 0, as"
                + " label number = R + 256 * G. COCO's panoptic PNGs and ADE20K's _seg.png use blue and are no Broden"
                + " planes: save their label numbers as R + 256 * G, or as grey values with " + PlaneEncoding.OPTION
                + " "
                + PlaneEncoding.INDEX);
    }
}
