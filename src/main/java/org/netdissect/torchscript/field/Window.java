package org.netdissect.torchscript.field;

/**
 * Windows of a convolution or pooling along one axis.
 *
 * @param kernel cells looked at
 * @param stride cells from one window to the next
 * @param before padding before the first cell
 * @param after padding behind the last
 * @param dilation cells from one cell looked at to the next
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

    /** Padding alone; below 0 it cuts off. */
    static Window padding(long before, long after) {
        return new Window(1, 1, before, after, 1, false);
    }

    /** Whether each cell sees itself alone. */
    boolean isIdentity() {
        return kernel == 1 && stride == 1 && before == 0 && after == 0;
    }

    /** Whether there are as many windows as cells, each with its cell in the middle. */
    boolean isCentred() {
        return stride == 1 && before == after && before + after == reach() - 1;
    }

    /** Cells from the first one looked at to the last, both included. */
    long reach() {
        return dilation * (kernel - 1) + 1;
    }

    /** How many windows an axis of {@code cells} has; {@link Dim#UNKNOWN} where that is unknown. */
    long count(long cells) {
        if (cells == Dim.UNKNOWN) {
            return Dim.UNKNOWN;
        }
        long room = cells + before + after - reach();
        if (room < 0) {
            throw new Unfollowed("a window of " + reach() + " on a map of " + cells + " cells");
        }
        long count = (ceil ? room + stride - 1 : room) / stride + 1;
        // a last window that begins in the padding behind the map is left out (PyTorch's pooling_output_shape)
        return ceil && (count - 1) * stride >= cells + before ? count - 1 : count;
    }
}
