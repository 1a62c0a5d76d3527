package org.netdissect.image;

/** The brightness of colours, rounded as Pillow's {@code convert("L")} does (src/libImaging/Convert.c, L24). */
public final class Brightness {
    private static final int COLOURS = 3;

    private Brightness() {}

    /** Brightness of each pixel of an interleaved {@code [height][width][3]} image: {@code [height][width]}. */
    public static byte[] of(byte[] rgb) {
        byte[] grey = new byte[rgb.length / COLOURS];
        for (int pixel = 0, at = 0; pixel < grey.length; pixel++, at += COLOURS) {
            int sum = (rgb[at] & 0xff) * 19595 + (rgb[at + 1] & 0xff) * 38470 + (rgb[at + 2] & 0xff) * 7471;
            grey[pixel] = (byte) ((sum + 0x8000) >> 16);
        }
        return grey;
    }

    /** The image {@code [height][width][3]} with the brightness of each pixel in all its colours. */
    public static byte[] rgb(byte[] rgb) {
        byte[] grey = of(rgb);
        byte[] colours = new byte[rgb.length];
        for (int at = 0; at < rgb.length; at++) {
            colours[at] = grey[at / COLOURS];
        }
        return colours;
    }
}
