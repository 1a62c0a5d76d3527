package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Dimensions of a tensor in terms of images and image positions.
 *
 * @param dims outermost first
 * @param wholeImage whether every value depends on the whole image regardless of the fields, as after multiplying maps
 *     by their mean over the image
 * @param fieldless reason for unknown receptive fields; empty if they are known
 */
record Layout(List<Dim> dims, boolean wholeImage, String fieldless) {
    Layout {
        dims = List.copyOf(dims);
    }

    /** Layout of a number. */
    static final Layout SCALAR = of(List.of());

    private static Layout of(List<Dim> dims) {
        return new Layout(dims, false, "");
    }

    /** Layout of a tensor that does not depend on the image. */
    static Layout constant(List<Long> sizes) {
        return of(sizes.stream().map(Dim::plain).toList());
    }

    /** Layout of a batch {@code [images, channels, height, width]}. */
    static Layout image(long images, long channels, long height, long width) {
        return of(List.of(
                Dim.images(images),
                Dim.plain(channels),
                Dim.along(Axis.Side.ROWS, height, FieldAxis.PIXELS),
                Dim.along(Axis.Side.COLUMNS, width, FieldAxis.PIXELS)));
    }

    int rank() {
        return dims.size();
    }

    /** Index of a dimension; negative numbers count from the end. */
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

    /** Number of values, or {@link Dim#UNKNOWN}. */
    long size() {
        return Dim.product(dims.stream().flatMap(dim -> dim.axes().stream()).toList());
    }

    /** Whether some dimension has image positions. */
    boolean hasPlaces() {
        return dims.stream().anyMatch(dim -> !dim.isPlain());
    }

    boolean dependsOnImage() {
        return wholeImage || hasPlaces();
    }

    Layout with(long dim, Dim other) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.set(position(dim), other);
        return ofDims(changed);
    }

    Layout with(long dim, UnaryOperator<Dim> change) {
        return with(dim, change.apply(dim(dim)));
    }

    Layout without(long dim) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.remove(position(dim));
        return ofDims(changed);
    }

    Layout withNew(int position, Dim added) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.add(position, added);
        return ofDims(changed);
    }

    Layout ofDims(List<Dim> others) {
        return new Layout(others, wholeImage, fieldless);
    }

    Layout overWholeImage() {
        return new Layout(dims, true, fieldless);
    }

    /** The same positions with unknown receptive fields; an earlier reason is kept. */
    Layout withoutFields(String why) {
        return new Layout(
                dims.stream().map(Dim::withoutFields).toList(), wholeImage, fieldless.isEmpty() ? why : fieldless);
    }

    /** Records the reason if an operator left some dimension without fields. */
    Layout withReason(String why) {
        return hasFields() || !fieldless.isEmpty() ? this : withoutFields(why);
    }

    boolean hasFields() {
        return dims.stream().allMatch(Dim::hasFields);
    }

    /**
     * Layout of a sum that removes dimensions. If they had positions, the sum sees the whole image, or has unknown
     * fields if they were only windows.
     */
    Layout summedOver(List<Dim> summed) {
        List<Axis> axes = summed.stream().flatMap(dim -> dim.axes().stream()).toList();
        boolean windows = axes.stream()
                .anyMatch(axis -> axis instanceof Axis.Places places && !places.isWhole() && places.whole() > 1);
        if (windows) {
            return withoutFields("a sum over windows of the image");
        }
        return summed.stream().allMatch(Dim::isPlain) ? this : overWholeImage();
    }

    /** Layout of a mean or another reduction over some dimensions. */
    Layout reduced(List<Integer> positions, boolean keep) {
        List<Dim> left = new ArrayList<>();
        List<Dim> summed = new ArrayList<>();
        for (int i = 0; i < rank(); i++) {
            if (!positions.contains(i)) {
                left.add(dims.get(i));
                continue;
            }
            summed.add(dims.get(i));
            if (keep) {
                left.add(Dim.ONE);
            }
        }
        return ofDims(left).summedOver(summed);
    }

    /**
     * Joins two layouts elementwise; the shorter one is padded in front.
     *
     * @throws Dim.Disagreement if strides or centres of their fields differ
     */
    Layout join(Layout other) {
        int rank = Math.max(rank(), other.rank());
        List<Dim> joined = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            joined.add(fromEnd(rank - i).join(other.fromEnd(rank - i)));
        }
        return new Layout(joined, wholeImage || other.wholeImage, fieldless.isEmpty() ? other.fieldless : fieldless);
    }

    private Dim fromEnd(int back) {
        return back <= rank() ? dims.get(rank() - back) : Dim.ONE;
    }
}
