package org.netdissect.visualize.space;

import java.io.IOException;
import org.netdissect.base.GridSize;
import org.netdissect.image.PngEncoder;
import org.netdissect.network.FloatTensor;

/**
 * One image in 8 bits, as files store it.
 *
 * @param planes {@code [channels][height][width]}
 * @param channels colours of the image
 * @param size in pixels
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares images
public record EightBitImage(byte[] planes, int channels, GridSize size) {
    private static final int WHITE = 255;
    private static final int COLOURS = 3;

    /**
     * Rounds an image of a batch; what is below 0 or above 1 becomes black or full.
     *
     * @param images {@code [images][channels][height][width]}
     * @throws IllegalArgumentException for a number that is NaN; see {@link #isNumber}
     */
    public static EightBitImage of(FloatTensor images, int image) {
        if (!isNumber(images, image)) {
            throw new IllegalArgumentException("image " + image + " has a pixel that is not a number");
        }
        int channels = Math.toIntExact(images.shape()[1]);
        GridSize size = new GridSize(Math.toIntExact(images.shape()[2]), Math.toIntExact(images.shape()[3]));
        byte[] planes = new byte[channels * size.cells()];
        for (int i = 0; i < planes.length; i++) {
            long sample = Math.round((double) images.values()[image * planes.length + i] * WHITE);
            planes[i] = (byte) Math.max(0, Math.min(WHITE, sample));
        }
        return new EightBitImage(planes, channels, size);
    }

    /** Whether no pixel of an image of a batch is NaN. */
    public static boolean isNumber(FloatTensor images, int image) {
        int numbers = Math.toIntExact(images.values().length / images.shape()[0]);
        for (int i = image * numbers; i < (image + 1) * numbers; i++) {
            if (Float.isNaN(images.values()[i])) {
                return false;
            }
        }
        return true;
    }

    /** Writes the image as numbers from 0 to 1. */
    public void writeTo(float[] images, int at) {
        for (int i = 0; i < planes.length; i++) {
            images[at + i] = (planes[i] & 0xff) / (float) WHITE;
        }
    }

    /** Interleaved {@code [height][width][3]}; grey for one channel. */
    public byte[] rgb() {
        if (channels != 1 && channels != COLOURS) {
            throw new IllegalStateException(channels + " channels are no colours");
        }
        byte[] rgb = new byte[size.cells() * COLOURS];
        for (int at = 0; at < rgb.length; at++) {
            rgb[at] = planes[(channels == 1 ? 0 : at % COLOURS * size.cells()) + at / COLOURS];
        }
        return rgb;
    }

    /** A PNG file: in colour for three channels, else grey, one tile beside the other for each channel. */
    public byte[] png() throws IOException {
        if (channels == COLOURS) {
            return PngEncoder.encode(rgb(), size);
        }
        GridSize tiles = new GridSize(size.height(), Math.multiplyExact(size.width(), channels));
        byte[] samples = new byte[planes.length];
        for (int channel = 0; channel < channels; channel++) {
            for (int y = 0; y < size.height(); y++) {
                System.arraycopy(
                        planes,
                        (channel * size.height() + y) * size.width(),
                        samples,
                        y * tiles.width() + channel * size.width(),
                        size.width());
            }
        }
        return PngEncoder.encode(samples, tiles);
    }
}
