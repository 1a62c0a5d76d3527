package org.netdissect.torchscript.field;

/**
 * Windows of a convolution or pooling along one axis.
 *
 * @param kernel number of cells in a window
 * @param stride cells from one window to the next
 * @param before padding before the first cell
 * @param after padding after the last cell
 * @param dilation distance of neighbouring cells in a window
 * @param ceil whether a window may run past the end
 */
record Window(long kernel, long stride, long before, long after, long dilation, boolean ceil) {
    private static final long GREATEST = 1 << 20;

    Window {
        if (kernel < 1 || stride < 1 || dilation < 1 || Math.max(Math.max(kernel, stride), dilation) > GREATEST) {
            throw new Unfollowed("a window of " + kernel + " with stride " + stride + " and dilation " + dilation);
        }
        if (Math.max(Math.abs(before), Math.abs(after)) > GREATEST) {
            throw new Unfollowed("a padding of " + before + " and " + after);
        }
    }

    /** Padding alone; negative padding crops. */
    static Window padding(long before, long after) {
        return new Window(1, 1, before, after, 1, false);
    }

    /** Whether each window is its own cell. */
    boolean isIdentity() {
        return kernel == 1 && stride == 1 && before == 0 && after == 0;
    }

    /** Whether there is one window per cell, centred at it. */
    boolean isCentred() {
        return stride == 1 && before == after && before + after == reach() - 1;
    }

    /** Cells from the first to the last of a window, inclusive. */
    long reach() {
        return dilation * (kernel - 1) + 1;
    }

    /** Number of windows on an axis of {@code cells}; {@link Dim#UNKNOWN} if unknown. */
    long count(long cells) {
        if (cells == Dim.UNKNOWN) {
            return Dim.UNKNOWN;
        }
        long room = cells + before + after - reach();
        if (room < 0) {
            throw new Unfollowed("a window of " + reach() + " on a map of " + cells + " cells");
        }
        long count = (ceil ? room + stride - 1 : room) / stride + 1;
        // PyTorch drops a last window that starts in the padding after the map (pooling_output_shape)
        return ceil && (count - 1) * stride >= cells + before ? count - 1 : count;
    }
}
