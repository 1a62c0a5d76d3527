package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that rearrange dimensions or take parts of them. */
final class ShapeOperators {
    private ShapeOperators() {}

    static void addTo(Map<String, Operators.Operator> table) {
        table.put("permute", ShapeOperators::permute);
        for (String name : List.of("transpose", "swapaxes", "swapdims")) {
            table.put(name, call -> swapped(call, call.integer(1), call.integer(2)));
        }
        table.put("t", call -> swapped(call, 0, call.layout(0).rank() - 1));
        table.put("unsqueeze", ShapeOperators::unsqueeze);
        table.put("squeeze", ShapeOperators::squeeze);
        table.put("select", ShapeOperators::select);
        table.put("unbind", ShapeOperators::unbind);
        table.put("roll", ShapeOperators::roll);
        table.put("repeat", ShapeOperators::repeat);
        table.put("unflatten", ShapeOperators::unflatten);
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

    /** A result that shares memory with the first argument. */
    static Value view(OperatorCall call, Layout layout) {
        return new Value.Tensor(
                Value.State.known(layout, call.where()), call.args().get(0) instanceof Value.Tensor base ? base : null);
    }

    /** A dimension without image positions, such as channels. */
    private static int plain(OperatorCall call, long dim) {
        Layout layout = call.layout(0);
        if (!layout.dim(dim).isConstant()) {
            throw new Unfollowed("a part of the images or of their places");
        }
        return layout.position(dim);
    }

    /** Arguments: input, dimension (all of length 1 if omitted); dimensions of other lengths stay */
    private static Value squeeze(OperatorCall call) {
        Layout layout = call.layout(0);
        List<Integer> gone = call.arg(1).isEmpty()
                ? IntStream.range(0, layout.rank()).boxed().toList()
                : call.integers(1).stream().map(layout::position).toList();
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < layout.rank(); i++) {
            long extent = layout.dim(i).extent();
            if (gone.contains(i) && extent == Dim.UNKNOWN) {
                throw new Unfollowed("a dimension whose length is not known to be 1");
            } else if (!gone.contains(i) || extent != 1) {
                sizes.add(extent);
            }
        }
        return view(call, sizes.size() == layout.rank() ? layout : Reshape.of(layout, sizes));
    }

    /** Arguments: input, dimension, index */
    private static Value select(OperatorCall call) {
        Layout layout = call.layout(0);
        int position = layout.position(call.integer(1));
        Dim dim = layout.dim(position);
        if (!dim.isConstant()) {
            long index = call.integer(2);
            long at = index < 0 ? index + dim.extent() : index;
            boolean extra = dim.tokens()
                    .map(tokens -> tokens.cut(at, at + 1))
                    .filter(cut -> cut.runs().size() == 1 && cut.runs().get(0).isExtra())
                    .isPresent();
            if (!extra) {
                throw new Unfollowed("a part of the images or of their places");
            }
        }
        return view(call, layout.without(position));
    }

    private static Value unbind(OperatorCall call) {
        int position = plain(call, call.integer(1, 0));
        long count = call.layout(0).dim(position).extent();
        if (count < 0 || count > Operators.MOST_ITEMS) {
            throw new Unfollowed("the number of its parts");
        }
        List<Value> parts = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            parts.add(view(call, call.layout(0).without(position)));
        }
        return call.items(parts);
    }

    /** Arguments: input, shifts, dimensions */
    private static Value roll(OperatorCall call) {
        Layout layout = call.layout(0);
        List<Long> shifts = call.integers(1);
        List<Long> dims = call.integers(2);
        if (shifts.size() != dims.size()) {
            throw new Unfollowed("its dimensions");
        }
        for (int i = 0; i < dims.size(); i++) {
            long shift = shifts.get(i);
            layout = layout.with(dims.get(i), dim -> rolled(dim, shift));
        }
        return call.result(layout);
    }

    private static Dim rolled(Dim dim, long shift) {
        if (dim.isConstant()) {
            return dim;
        }
        Axis.Places places = dim.places()
                .filter(axis -> axis.step() == 1 && axis.extent() == axis.whole())
                .orElseThrow(() -> new Unfollowed("places that are no longer rows and columns"));
        long rolled = Math.floorMod(places.rolled() + shift, places.extent());
        return Dim.of(
                new Axis.Places(places.side(), places.whole(), places.step(), places.extent(), rolled, places.field()));
    }

    /** Arguments: input, repetitions along each dimension */
    private static Value repeat(OperatorCall call) {
        Layout layout = call.layout(0);
        List<Long> times = sizes(call);
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            int from = i - (times.size() - layout.rank());
            Dim dim = from < 0 ? Dim.ONE : layout.dim(from);
            if (times.get(i) != 1 && !dim.isConstant()) {
                throw new Unfollowed("places of the image repeated");
            }
            boolean known = times.get(i) != Dim.UNKNOWN && dim.extent() != Dim.UNKNOWN;
            dims.add(times.get(i) == 1 ? dim : Dim.plain(known ? times.get(i) * dim.extent() : Dim.UNKNOWN));
        }
        return call.result(layout.ofDims(dims));
    }

    /** Arguments: input, dimension, lengths of its parts */
    private static Value unflatten(OperatorCall call) {
        Layout layout = call.layout(0);
        int position = layout.position(call.integer(1));
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < layout.rank(); i++) {
            if (i == position) {
                shape.addAll(call.integers(2));
            } else {
                shape.add(layout.dim(i).extent());
            }
        }
        return view(call, Reshape.of(layout, shape));
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

    /** Arguments: input, dimension, start, end, step */
    private static Value slice(OperatorCall call) {
        Layout layout = call.layout(0);
        long position = call.integer(1, 0);
        Dim dim = layout.dim(position);
        long step = call.integer(4, 1);
        if (call.arg(2).isPresent()
                && dim.isConstant()
                && call.arg(2).flatMap(start -> start.as(Long.class)).isEmpty()) {
            return view(call, layout.with(position, Dim.plain(Dim.UNKNOWN)));
        }
        long start = call.integer(2, 0);
        long end = dim.isConstant()
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
        long extent = dim.extent();
        if (start == 0 && step == 1 && end >= extent && (extent != Dim.UNKNOWN || end == Long.MAX_VALUE)) {
            return dim;
        } else if (dim.isConstant() && extent == Dim.UNKNOWN) {
            return dim;
        } else if (extent == Dim.UNKNOWN || step < 1) {
            throw new Unfollowed("a part of the places of the image");
        }
        long first = Math.min(start < 0 ? Math.max(0, start + extent) : start, extent);
        long past = Math.min(end < 0 ? Math.max(0, end + extent) : end, extent);
        long count = past <= first ? 0 : (past - first + step - 1) / step;
        if (dim.isConstant()) {
            return Dim.plain(count);
        } else if (count == extent) {
            return dim;
        }
        Optional<Axis.Places> places = dim.places().filter(Axis.Places::isWhole);
        if (places.isPresent()) {
            return Dim.of(places.get().resized(count, places.get().field().map(axis -> axis.cut(first, step))));
        }
        Axis.Tokens tokens = dim.tokens()
                .filter(all -> step == 1)
                .orElseThrow(() -> new Unfollowed("a part of the images or of their places"));
        return new Dim(List.of(tokens.cut(first, past)));
    }

    /** Arguments: input, size or sizes of the parts, dimension */
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
            boolean kept = sizes.get(i) == 1 || items(call).get(i).equals(Value.of(Dim.UNKNOWN));
            boolean repeated = dim.extent() == 1 && !kept;
            if (repeated && !dim.isConstant()) {
                throw new Unfollowed("one place of the image repeated");
            }
            dims.add(repeated ? Dim.plain(sizes.get(i)) : dim);
        }
        return view(call, layout.ofDims(dims));
    }

    /** Sizes of a new shape; -1 is unknown, or follows from the others. */
    private static List<Long> sizes(OperatorCall call) {
        return items(call).stream()
                .map(size -> size.as(Long.class).orElse(Dim.UNKNOWN))
                .toList();
    }

    private static List<Value> items(OperatorCall call) {
        if (!(call.arg(1).orElseThrow(() -> new Unfollowed("its shape")) instanceof Value.Items items)) {
            throw new Unfollowed("its shape, which only the run decides");
        }
        return items.list();
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
