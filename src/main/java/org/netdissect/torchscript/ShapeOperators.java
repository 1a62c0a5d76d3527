package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Operators that rearrange dimensions or take parts of them. */
final class ShapeOperators {
    private ShapeOperators() {}

    static void addTo(Map<String, Operators.Operator> table) {
        table.put("permute", ShapeOperators::permute);
        table.put("transpose", call -> swapped(call, call.integer(1), call.integer(2)));
        table.put("t", call -> swapped(call, 0, call.layout(0).rank() - 1));
        table.put("unsqueeze", ShapeOperators::unsqueeze);
        table.put("squeeze", call -> view(call, call.layout(0).without(one(call))));
        table.put("select", call -> view(call, call.layout(0).without(plain(call, call.integer(1)))));
        table.put("slice", ShapeOperators::slice);
        table.put("narrow", ShapeOperators::narrow);
        table.put("chunk", call -> parts(call, call.integer(2, 0), (int) call.integer(1)));
        table.put("split", ShapeOperators::split);
        table.put("split_with_sizes", ShapeOperators::split);
        table.put("expand", ShapeOperators::expand);
        table.put("flatten", ShapeOperators::flatten);
        for (String name : List.of("view", "reshape", "_unsafe_view")) {
            table.put(name, call -> view(call, Reshape.of(call.layout(0), sizes(call))));
        }
        table.put("cat", call -> Joins.cat(call, call.integer(1, 0)));
        table.put("concat", call -> Joins.cat(call, call.integer(1, 0)));
        table.put("stack", call -> Joins.stack(call, call.integer(1, 0)));
    }

    /** The result shares its memory with the first argument. */
    static Value view(OperatorCall call, Layout layout) {
        return new Value.Tensor(
                Value.State.known(layout, call.where()), call.args().get(0) instanceof Value.Tensor base ? base : null);
    }

    /** A dimension that places of the image do not run along. */
    private static int plain(OperatorCall call, long dim) {
        Layout layout = call.layout(0);
        if (!layout.dim(dim).isPlain()) {
            throw new Unfollowed("a part of the places of the image");
        }
        return layout.position(dim);
    }

    private static int one(OperatorCall call) {
        int position = plain(call, call.integer(1));
        if (call.layout(0).dim(position).extent() != 1) {
            throw new Unfollowed("a dimension whose length is not known to be 1");
        }
        return position;
    }

    private static Value permute(OperatorCall call) {
        Layout layout = call.layout(0);
        List<Dim> dims = call.integers(1).stream().map(layout::dim).toList();
        if (dims.size() != layout.rank()) {
            throw new Unfollowed("its dimensions");
        }
        return view(call, layout.ofDims(dims));
    }

    private static Value swapped(OperatorCall call, long a, long b) {
        Layout layout = call.layout(0);
        return view(call, layout.with(a, layout.dim(b)).with(b, layout.dim(a)));
    }

    private static Value unsqueeze(OperatorCall call) {
        Layout layout = call.layout(0);
        long dim = call.integer(1);
        long position = dim < 0 ? dim + layout.rank() + 1 : dim;
        if (position < 0 || position > layout.rank()) {
            throw new Unfollowed("its dimension");
        }
        return view(call, layout.withNew((int) position, Dim.ONE));
    }

    /** input, dimension, start, end, step */
    private static Value slice(OperatorCall call) {
        Layout layout = call.layout(0);
        long position = call.integer(1, 0);
        Dim dim = layout.dim(position);
        long step = call.integer(4, 1);
        if (call.arg(2).isPresent()
                && dim.isPlain()
                && call.arg(2).flatMap(start -> start.as(Long.class)).isEmpty()) {
            return view(call, layout.with(position, dim.withExtent(Dim.UNKNOWN)));
        }
        long start = call.integer(2, 0);
        long end = dim.isPlain()
                        && call.arg(3).flatMap(value -> value.as(Long.class)).isEmpty()
                ? Long.MAX_VALUE
                : call.integer(3, Long.MAX_VALUE);
        return view(call, layout.with(position, cut(dim, start, end, step)));
    }

    private static Value narrow(OperatorCall call) {
        Layout layout = call.layout(0);
        long start = call.integer(2);
        return view(call, layout.with(call.integer(1), dim -> cut(dim, start, start + call.integer(3), 1)));
    }

    private static Dim cut(Dim dim, long start, long end, long step) {
        if (start == 0 && step == 1 && end >= dim.extent() && (dim.extent() != Dim.UNKNOWN || end == Long.MAX_VALUE)) {
            return dim;
        } else if (dim.isPlain() && dim.extent() == Dim.UNKNOWN) {
            return dim;
        } else if (dim.kind() == Dim.Kind.MIXED || dim.extent() == Dim.UNKNOWN || step < 1) {
            throw new Unfollowed("a part of the places of the image");
        }
        long first = Math.min(start < 0 ? Math.max(0, start + dim.extent()) : start, dim.extent());
        long past = Math.min(end < 0 ? Math.max(0, end + dim.extent()) : end, dim.extent());
        long count = past <= first ? 0 : (past - first + step - 1) / step;
        return new Dim(count, dim.kind(), dim.field().map(axis -> axis.cut(first, step)));
    }

    /** input, size or sizes of the parts, dimension */
    private static Value split(OperatorCall call) {
        long position = call.integer(2, 0);
        Dim dim = call.layout(0).dim(position);
        List<Long> sizes = call.integers(1);
        if (call.args().get(1) instanceof Value.Items) {
            return parts(call, position, sizes.size());
        }
        long size = sizes.get(0);
        if (size < 1 || dim.extent() == Dim.UNKNOWN) {
            throw new Unfollowed("the number of its parts");
        }
        return parts(call, position, (int) Math.min(Integer.MAX_VALUE, (dim.extent() + size - 1) / size));
    }

    private static Value parts(OperatorCall call, long dim, int count) {
        int position = plain(call, dim);
        if (count < 1 || count > Operators.MOST_ITEMS) {
            throw new Unfollowed("the number of its parts");
        }
        long extent = call.layout(0).dim(position).extent();
        Dim part = Dim.plain(extent != Dim.UNKNOWN && extent % count == 0 ? extent / count : Dim.UNKNOWN);
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(view(call, call.layout(0).with(position, part)));
        }
        return call.items(parts);
    }

    private static Value expand(OperatorCall call) {
        Layout layout = call.layout(0);
        List<Long> sizes = sizes(call);
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            int from = i - (sizes.size() - layout.rank());
            Dim dim = from < 0 ? Dim.ONE : layout.dim(from);
            boolean repeated = dim.extent() == 1 && sizes.get(i) != 1;
            if (repeated && !dim.isPlain()) {
                throw new Unfollowed("one place of the image repeated");
            }
            dims.add(repeated ? Dim.plain(Math.max(Dim.UNKNOWN, sizes.get(i))) : dim);
        }
        return view(call, layout.ofDims(dims));
    }

    /** Sizes of a new shape; -1 stands for what the run decides as well as for what follows from the others. */
    private static List<Long> sizes(OperatorCall call) {
        if (!(call.arg(1).orElseThrow(() -> new Unfollowed("its shape")) instanceof Value.Items items)) {
            throw new Unfollowed("its shape, which only the run decides");
        }
        return items.list().stream()
                .map(size -> size.as(Long.class).orElse(Dim.UNKNOWN))
                .toList();
    }

    private static Value flatten(OperatorCall call) {
        Layout layout = call.layout(0);
        if (layout.rank() == 0) {
            return view(call, layout.ofDims(List.of(Dim.ONE)));
        }
        int first = layout.position(call.integer(1, 0));
        int last = layout.position(call.integer(2, -1));
        List<Dim> dims = new ArrayList<>(layout.dims().subList(0, first));
        dims.add(Reshape.merged(layout.dims().subList(first, last + 1)));
        dims.addAll(layout.dims().subList(last + 1, layout.rank()));
        return view(call, layout.ofDims(dims));
    }
}
