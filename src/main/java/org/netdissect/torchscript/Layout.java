package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What the dimensions of a tensor are, as far as the image goes.
 *
 * @param dims outermost first
 * @param wholeImage whether every value depends on all of the image, whatever the fields along the dimensions say: behind
 *     a mean over the image that is multiplied into its maps, say
 */
record Layout(List<Dim> dims, boolean wholeImage) {
    Layout {
        dims = List.copyOf(dims);
    }

    /** A number. */
    static final Layout SCALAR = new Layout(List.of(), false);

    /** A tensor that knows nothing of the image. */
    static Layout constant(List<Long> sizes) {
        return new Layout(sizes.stream().map(Dim::plain).toList(), false);
    }

    /** Images {@code [any, channels, height, width]}. */
    static Layout image(long channels, long height, long width) {
        return new Layout(
                List.of(
                        Dim.plain(Dim.UNKNOWN),
                        Dim.plain(channels),
                        Dim.along(Dim.Kind.ROWS, height, FieldAxis.PIXELS),
                        Dim.along(Dim.Kind.COLUMNS, width, FieldAxis.PIXELS)),
                false);
    }

    int rank() {
        return dims.size();
    }

    /** The position of a dimension that may be counted from the end. */
    int position(long dim) {
        long position = dim < 0 ? dim + rank() : dim;
        if (position < 0 || position >= rank()) {
            throw new Unfollowed("dimension " + dim + " of a tensor of " + rank());
        }
        return (int) position;
    }

    Dim dim(long dim) {
        return dims.get(position(dim));
    }

    /** Whether some dimension runs along places of the image. */
    boolean hasPlaces() {
        return dims.stream().anyMatch(dim -> !dim.isPlain());
    }

    boolean dependsOnImage() {
        return wholeImage || hasPlaces();
    }

    Layout with(long dim, Dim other) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.set(position(dim), other);
        return new Layout(changed, wholeImage);
    }

    Layout with(long dim, UnaryOperator<Dim> change) {
        return with(dim, change.apply(dim(dim)));
    }

    Layout without(long dim) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.remove(position(dim));
        return new Layout(changed, wholeImage);
    }

    Layout withNew(int position, Dim added) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.add(position, added);
        return new Layout(changed, wholeImage);
    }

    Layout ofDims(List<Dim> others) {
        return new Layout(others, wholeImage);
    }

    Layout overWholeImage() {
        return new Layout(dims, true);
    }

    /** The mean, or another summary, over some dimensions. */
    Layout reduced(List<Integer> positions, boolean keep) {
        List<Dim> left = new ArrayList<>();
        boolean whole = wholeImage;
        for (int i = 0; i < rank(); i++) {
            if (!positions.contains(i)) {
                left.add(dims.get(i));
                continue;
            }
            whole |= !dims.get(i).isPlain();
            if (keep) {
                left.add(Dim.ONE);
            }
        }
        return new Layout(left, whole);
    }

    /**
     * Both in one, elementwise; the shorter is filled up in front.
     *
     * @throws Dim.Disagreement where their fields have other strides or centres
     */
    Layout join(Layout other) {
        int rank = Math.max(rank(), other.rank());
        List<Dim> joined = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            joined.add(fromEnd(rank - i).join(other.fromEnd(rank - i)));
        }
        return new Layout(joined, wholeImage || other.wholeImage);
    }

    private Dim fromEnd(int back) {
        return back <= rank() ? dims.get(rank() - back) : Dim.ONE;
    }
}
