package org.netdissect.align;

/**
 * Placement of a map's nodes, the cells' values, along one axis of the label grid. Pixels between nodes are
 * interpolated.
 */
public sealed interface AxisPlacement {
    /** Centres at (i + 0.5) / size of the axis: PyTorch's {@code align_corners=False}. */
    AxisPlacement HALF_PIXEL = new HalfPixel();

    /** First and last centres on the first and last pixels: PyTorch's {@code align_corners=True}. */
    AxisPlacement ALIGN_CORNERS = new AlignCorners();

    /** Position of label pixel {@code pixel} in nodes, before clamping. */
    double position(int pixel, int nodes, int pixels);

    /** See {@link #HALF_PIXEL}. */
    record HalfPixel() implements AxisPlacement {
        @Override
        public double position(int pixel, int nodes, int pixels) {
            return (pixel + 0.5) * nodes / pixels - 0.5;
        }
    }

    /** See {@link #ALIGN_CORNERS}. */
    record AlignCorners() implements AxisPlacement {
        @Override
        public double position(int pixel, int nodes, int pixels) {
            return pixels == 1 ? 0 : (double) pixel * (nodes - 1) / (pixels - 1);
        }
    }

    /**
     * The centres of the units' receptive fields (Bau et al. 2017, section 2.2). On an axis of n label pixels, the
     * centre of pixel p is at (p + 0.5) * extent / n - 0.5 image pixels.
     *
     * @param extent image pixels of the axis
     * @param centre of unit 0's field, in image pixels from 0
     * @param stride image pixels from one unit's centre to the next's
     */
    record FieldCentres(int extent, double centre, double stride) implements AxisPlacement {
        @Override
        public double position(int pixel, int nodes, int pixels) {
            return ((pixel + 0.5) * extent / pixels - 0.5 - centre) / stride;
        }
    }

    /**
     * Placement of the released code of Network Dissection (its upsample.py): r = round(extent / n) image pixels make a
     * label pixel, unit 0 is at label pixel (size / 2 + start) / r and the next {@code stride / r} further, all in
     * whole numbers rounded down.
     *
     * @param extent image pixels of the axis
     * @param start first image pixel of unit 0's field
     * @param size image pixels of a field
     * @param stride image pixels from one unit's field to the next's
     */
    record WholePixels(int extent, long start, long size, long stride) implements AxisPlacement {
        @Override
        public double position(int pixel, int nodes, int pixels) {
            long reduction = reduction(extent, pixels);
            long step = Math.max(1, stride / reduction);
            return (double) (pixel - Math.floorDiv(size / 2 + start, reduction)) / step;
        }

        private static long reduction(int extent, int pixels) {
            return Math.max(1, Math.round((double) extent / pixels));
        }
    }
}
