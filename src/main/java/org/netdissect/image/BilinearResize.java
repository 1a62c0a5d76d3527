package org.netdissect.image;

import org.netdissect.base.GridSize;

/**
 * Resizes 8-bit RGB images as Pillow's {@code Image.resize(..., BILINEAR)}, and thus torchvision's Resize, does.
 * A triangle filter widens when the image shrinks; columns come first, and both passes round to 8 bits. Weights are
 * fixed point with 22 fractional bits, as in Pillow's ImagingResample, so that results are bit-equal.
 */
public final class BilinearResize {
    private static final int FRACTION_BITS = 22;
    private static final int CHANNELS = 3;

    private BilinearResize() {}

    /** Resizes an image; input and output are interleaved {@code [height][width][3]}. */
    public static byte[] resize(byte[] rgb, GridSize from, GridSize to) {
        byte[] wide = rgb;
        if (from.width() != to.width()) {
            wide = new byte[from.height() * to.width() * CHANNELS];
            Filter filter = Filter.of(from.width(), to.width());
            for (int y = 0; y < from.height(); y++) {
                filter.apply(rgb, y * from.width() * CHANNELS, CHANNELS, wide, y * to.width() * CHANNELS, CHANNELS);
            }
        }
        if (from.height() == to.height()) {
            return wide;
        }
        byte[] resized = new byte[to.height() * to.width() * CHANNELS];
        Filter filter = Filter.of(from.height(), to.height());
        int stride = to.width() * CHANNELS;
        for (int x = 0; x < to.width(); x++) {
            filter.apply(wide, x * CHANNELS, stride, resized, x * CHANNELS, stride);
        }
        return resized;
    }

    /** Weights of one axis. */
    private static final class Filter {
        /** [outputs] first input with a weight */
        private final int[] first;
        /** [outputs][inputs with a weight] fixed point; each row sums to about 1 */
        private final int[][] weights;

        private Filter(int[] first, int[][] weights) {
            this.first = first;
            this.weights = weights;
        }

        static Filter of(int inputs, int outputs) {
            double scale = (double) inputs / outputs;
            double support = Math.max(scale, 1);
            int[] first = new int[outputs];
            int[][] weights = new int[outputs][];
            for (int out = 0; out < outputs; out++) {
                double centre = (out + 0.5) * scale;
                int from = Math.max(0, (int) (centre - support + 0.5));
                int to = Math.min(inputs, (int) (centre + support + 0.5));
                double[] exact = new double[to - from];
                double sum = 0;
                for (int i = 0; i < exact.length; i++) {
                    exact[i] = Math.max(0, 1 - Math.abs((i + from - centre + 0.5) / support));
                    sum += exact[i];
                }
                first[out] = from;
                weights[out] = new int[exact.length];
                for (int i = 0; i < exact.length; i++) {
                    weights[out][i] = (int) (exact[i] / sum * (1 << FRACTION_BITS) + 0.5);
                }
            }
            return new Filter(first, weights);
        }

        /** Filters one line of pixels that are {@code stride} bytes apart. */
        void apply(byte[] source, int sourceStart, int sourceStride, byte[] target, int targetStart, int targetStride) {
            for (int out = 0; out < first.length; out++) {
                int[] line = weights[out];
                int at = sourceStart + first[out] * sourceStride;
                for (int channel = 0; channel < CHANNELS; channel++) {
                    int sum = 1 << (FRACTION_BITS - 1);
                    for (int i = 0; i < line.length; i++) {
                        sum += line[i] * (source[at + i * sourceStride + channel] & 0xff);
                    }
                    int value = Math.max(0, Math.min(255, sum >> FRACTION_BITS));
                    target[targetStart + out * targetStride + channel] = (byte) value;
                }
            }
        }
    }
}
