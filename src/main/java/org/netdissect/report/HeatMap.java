package org.netdissect.report;

import org.netdissect.base.GridSize;

/** Draws numbers by place over an image in grey: orange above 0, blue below. */
final class HeatMap {
    private static final int COLOURS = 3;
    /** Orange and blue of Okabe and Ito (2008), which the colour-blind can tell apart. */
    private static final int[] ABOVE = {230, 159, 0};

    private static final int[] BELOW = {0, 114, 178};
    private static final double STRONGEST = 0.85;

    private HeatMap() {}

    /**
     * The drawing, in the image's size. Numbers are interpolated bilinearly between the centres of cells.
     *
     * @param rgb interleaved {@code [height][width][3]}
     * @param values {@code [map cells]}
     */
    static byte[] over(byte[] rgb, GridSize size, double[] values, GridSize map) {
        double most = 0;
        for (double value : values) {
            most = Math.max(most, Math.abs(value));
        }
        byte[] drawn = new byte[rgb.length];
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                int at = (y * size.width() + x) * COLOURS;
                double grey = 0.299 * (rgb[at] & 0xff) + 0.587 * (rgb[at + 1] & 0xff) + 0.114 * (rgb[at + 2] & 0xff);
                double value =
                        most == 0 ? 0 : at(values, map, (y + 0.5) / size.height(), (x + 0.5) / size.width()) / most;
                double alpha = STRONGEST * Math.abs(value);
                int[] colour = value > 0 ? ABOVE : BELOW;
                for (int c = 0; c < COLOURS; c++) {
                    drawn[at + c] = (byte) Math.round((1 - alpha) * grey + alpha * colour[c]);
                }
            }
        }
        return drawn;
    }

    /** The number at a place, both coordinates from 0 to 1. */
    static double at(double[] values, GridSize map, double down, double across) {
        double y = Math.max(0, Math.min(map.height() - 1.0, down * map.height() - 0.5));
        double x = Math.max(0, Math.min(map.width() - 1.0, across * map.width() - 0.5));
        int top = (int) y;
        int left = (int) x;
        int bottom = Math.min(top + 1, map.height() - 1);
        int right = Math.min(left + 1, map.width() - 1);
        double upper = between(values[top * map.width() + left], values[top * map.width() + right], x - left);
        double lower = between(values[bottom * map.width() + left], values[bottom * map.width() + right], x - left);
        return between(upper, lower, y - top);
    }

    private static double between(double from, double to, double share) {
        return from + (to - from) * share;
    }
}
