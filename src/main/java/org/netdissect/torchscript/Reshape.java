package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.List;

/** Which dimensions survive when a tensor's values are dealt out over other dimensions, in the same order. */
final class Reshape {
    private Reshape() {}

    /**
     * The layout in a new shape. Dimensions at both ends that keep their lengths are the same as before; what lies
     * between is dealt out anew.
     *
     * @param sizes {@link Dim#UNKNOWN} where not known
     */
    static Layout of(Layout layout, List<Long> sizes) {
        List<Dim> dims = layout.dims();
        int front = 0;
        while (front < Math.min(dims.size(), sizes.size()) && same(dims.get(front), sizes.get(front), front == 0)) {
            front++;
        }
        int back = 0;
        int most = Math.min(dims.size(), sizes.size()) - front;
        while (back < most && same(dims.get(dims.size() - 1 - back), sizes.get(sizes.size() - 1 - back), false)) {
            back++;
        }
        List<Dim> shaped = new ArrayList<>(dims.subList(0, front));
        List<Dim> dealt = dims.subList(front, dims.size() - back);
        List<Long> wanted = sizes.subList(front, sizes.size() - back);
        if (dealt.size() == 1 && wanted.size() == 1) {
            shaped.addAll(dealt); // the product stays, so its length does too
        } else {
            boolean places = dealt.stream().anyMatch(dim -> !dim.isPlain());
            for (long size : wanted) {
                shaped.add(places ? Dim.mixed(size) : Dim.plain(size));
            }
        }
        shaped.addAll(dims.subList(dims.size() - back, dims.size()));
        return layout.ofDims(shaped);
    }

    /** The first dimension, the images, has no known length before or after. */
    private static boolean same(Dim dim, long size, boolean first) {
        return dim.extent() == size && (size != Dim.UNKNOWN || (first && dim.isPlain()));
    }

    /** Several dimensions as one. */
    static Dim merged(List<Dim> dims) {
        if (dims.size() == 1) {
            return dims.get(0);
        }
        long extent = 1;
        boolean places = false;
        for (Dim dim : dims) {
            boolean known = extent != Dim.UNKNOWN && dim.extent() != Dim.UNKNOWN;
            extent = known ? Math.multiplyExact(extent, dim.extent()) : Dim.UNKNOWN;
            places |= !dim.isPlain();
        }
        return places ? Dim.mixed(extent) : Dim.plain(extent);
    }
}
