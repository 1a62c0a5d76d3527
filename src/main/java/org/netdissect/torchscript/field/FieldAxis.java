package org.netdissect.torchscript.field;

import java.util.Optional;

/**
 * Receptive fields of a row or column of units, in pixels of the network's input along one axis: unit i sees the pixels
 * {@code start + i * stride} to {@code start + i * stride + size - 1}. Pixels outside the image are padding.
 *
 * @param start first pixel of unit 0's field, 0-based; negative within the padding before the image
 * @param size pixels of one field
 * @param stride pixels from one unit's field to the next's
 */
public record FieldAxis(long start, long size, long stride) {
    /** The input itself: every pixel sees itself. */
    static final FieldAxis PIXELS = new FieldAxis(0, 1, 1);

    /** Upper bound, far above any network; products of two still fit into a long. */
    private static final long GREATEST = 1L << 30;

    /** Checks the bounds. */
    public FieldAxis {
        if (size < 1 || stride < 1 || size > GREATEST || stride > GREATEST || Math.abs(start) > GREATEST) {
            throw new Unfollowed("a receptive field of " + size + " pixels at " + start + " with stride " + stride);
        }
    }

    /** Centre of unit 0's field; unit i's is {@code i * stride} further. */
    public double centre() {
        return start + (size - 1) / 2.0;
    }

    /** Fields of windows over these units, such as those of a convolution. */
    FieldAxis under(Window window) {
        return new FieldAxis(
                start - window.before() * stride, size + (window.reach() - 1) * stride, stride * window.stride());
    }

    /** Fields of every {@code step}-th unit, without the first {@code skipped}. */
    FieldAxis cut(long skipped, long step) {
        return new FieldAxis(start + skipped * stride, size, stride * step);
    }

    /** Fields of units that see both; empty if strides or centres differ. */
    Optional<FieldAxis> union(FieldAxis other) {
        boolean agree = stride == other.stride && centre() == other.centre();
        return agree ? Optional.of(size >= other.size ? this : other) : Optional.empty();
    }
}
