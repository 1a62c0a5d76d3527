package org.netdissect.torchscript.field;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Axes of a reshaped tensor, whose values keep their order. */
final class Reshape {
    private Reshape() {}

    /**
     * The layout in a new shape. An axis is kept if it fits into one new dimension and split if it fills several;
     * otherwise it becomes mixed.
     *
     * @param sizes {@link Dim#UNKNOWN} if unknown
     */
    static Layout of(Layout layout, List<Long> sizes) {
        List<Long> target = completed(layout.size(), sizes);
        if (layout.size() == 0 || target.contains(0L)) {
            throw new Unfollowed("a tensor without values");
        } else if (layout.size() == Dim.UNKNOWN || target.contains(Dim.UNKNOWN)) {
            return layout.ofDims(unknown(layout.dims(), target));
        }
        long size = 1;
        for (long one : target) {
            size = Math.multiplyExact(size, one);
        }
        if (size != layout.size()) {
            throw new Unfollowed("a shape of " + size + " values for " + layout.size());
        }
        return layout.ofDims(reshaped(layout, target));
    }

    /** Fills in a single unknown size, which follows from the others. */
    private static List<Long> completed(long size, List<Long> sizes) {
        int unknown = sizes.indexOf(Dim.UNKNOWN);
        if (size == Dim.UNKNOWN || unknown < 0 || unknown != sizes.lastIndexOf(Dim.UNKNOWN)) {
            return sizes;
        }
        long others = 1;
        for (long one : sizes) {
            others = one == Dim.UNKNOWN ? others : Math.multiplyExact(others, one);
        }
        List<Long> completed = new ArrayList<>(sizes);
        completed.set(unknown, others == 0 ? 0 : size / others);
        return completed;
    }

    private static List<Dim> reshaped(Layout layout, List<Long> target) {
        Deque<Axis> axes = new ArrayDeque<>();
        layout.dims().forEach(dim -> axes.addAll(dim.axes()));
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < target.size(); ) {
            List<Axis> taken = new ArrayList<>();
            if (fill(axes, target.get(i), taken)) {
                dims.add(new Dim(taken));
                i++;
                continue;
            }
            // axes and new dimensions overlap: mix everything up to their next common end
            long old = Dim.product(taken);
            long fresh = 1;
            int first = i;
            do {
                if (fresh <= old && i < target.size()) {
                    fresh = Math.multiplyExact(fresh, target.get(i++));
                } else {
                    taken.add(axes.remove());
                    old = Dim.product(taken);
                }
            } while (fresh != old);
            boolean plain = taken.stream().allMatch(Axis.Plain.class::isInstance);
            target.subList(first, i).forEach(size -> dims.add(plain ? Dim.plain(size) : Dim.mixed(size)));
        }
        if (!axes.isEmpty() && !dims.isEmpty()) {
            // the remaining axes have one value
            List<Axis> last = new ArrayList<>(dims.get(dims.size() - 1).axes());
            last.addAll(axes);
            dims.set(dims.size() - 1, new Dim(last));
        }
        return dims;
    }

    /** Takes axes for one dimension, splitting the last if possible; false if they do not fit. */
    private static boolean fill(Deque<Axis> axes, long size, List<Axis> taken) {
        long filled = 1;
        if (size == 1) {
            if (!axes.isEmpty() && axes.peek().extent() == 1) {
                taken.add(axes.remove());
            }
            return true;
        }
        while (filled < size) {
            Axis next = axes.remove();
            long missing = size / filled;
            boolean whole = size % filled == 0 && missing % next.extent() == 0;
            if (whole) {
                taken.add(next);
                filled *= next.extent();
            } else if (size % filled == 0 && next.extent() % missing == 0 && canBeParted(next)) {
                taken.add(part(next, missing, true));
                axes.push(part(next, missing, false));
                return true;
            } else {
                taken.add(next);
                return false;
            }
        }
        return true;
    }

    private static boolean canBeParted(Axis axis) {
        return axis instanceof Axis.Plain || axis instanceof Axis.Places;
    }

    /** The outer {@code count} parts of an axis, or the inner axis of each part. */
    private static Axis part(Axis axis, long count, boolean outer) {
        long inner = axis.extent() / count;
        if (axis instanceof Axis.Places places) {
            return new Axis.Places(
                    places.side(),
                    places.whole(),
                    outer ? places.step() * inner : places.step(),
                    outer ? count : inner,
                    places.rolled(),
                    places.field());
        }
        return new Axis.Plain(outer ? count : inner);
    }

    /** Handles unknown sizes: dimensions at both ends that keep their lengths are unchanged. */
    private static List<Dim> unknown(List<Dim> dims, List<Long> sizes) {
        int front = 0;
        while (front < Math.min(dims.size(), sizes.size()) && same(dims.get(front), sizes.get(front))) {
            front++;
        }
        int back = 0;
        int most = Math.min(dims.size(), sizes.size()) - front;
        while (back < most && same(dims.get(dims.size() - 1 - back), sizes.get(sizes.size() - 1 - back))) {
            back++;
        }
        List<Dim> shaped = new ArrayList<>(dims.subList(0, front));
        List<Dim> middle = dims.subList(front, dims.size() - back);
        List<Long> target = sizes.subList(front, sizes.size() - back);
        if (middle.size() == 1 && target.size() == 1) {
            shaped.addAll(middle); // the product is kept, so its length is too
        } else {
            boolean plain = middle.stream().allMatch(Dim::isConstant);
            for (long size : target) {
                shaped.add(plain ? Dim.plain(size) : Dim.mixed(size));
            }
        }
        shaped.addAll(dims.subList(dims.size() - back, dims.size()));
        return shaped;
    }

    private static boolean same(Dim dim, long size) {
        return dim.extent() == size && size != Dim.UNKNOWN;
    }

    /** Merges several dimensions. */
    static Dim merged(List<Dim> dims) {
        return new Dim(dims.stream().flatMap(dim -> dim.axes().stream()).toList());
    }
}
