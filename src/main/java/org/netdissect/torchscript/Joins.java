package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators in which branches meet. */
final class Joins {
    private Joins() {}

    /** All tensors and numbers among the values, elementwise. */
    static Layout elementwise(OperatorCall call, List<Value> values) {
        Optional<Branch> joined = Optional.empty();
        for (Value value : values) {
            Optional<Branch> branch = branch(call, value);
            if (branch.isPresent()) {
                Branch next = branch.get();
                joined = Optional.of(joined.map(before -> before.join(next)).orElse(next));
            }
        }
        return joined.orElseThrow(() -> new Unfollowed("its arguments")).layout();
    }

    /** Constants of unknown shape are taken to fit. */
    private static Optional<Branch> branch(OperatorCall call, Value value) {
        return OperatorCall.layout(value).map(layout -> new Branch(layout, name(call, value)));
    }

    private static String name(OperatorCall call, Value value) {
        String origin = value instanceof Value.Tensor tensor ? tensor.state().origin() : "";
        return origin.isEmpty() ? (call.where().isEmpty() ? "the network" : call.where() + " before it") : origin;
    }

    private record Branch(Layout layout, String name) {
        Branch join(Branch other) {
            try {
                return new Branch(layout.join(other.layout), layout.dependsOnImage() ? name : other.name);
            } catch (Dim.Disagreement e) {
                throw e.between(name, other.name);
            }
        }
    }

    static Value cat(OperatorCall call, long dim) {
        List<Branch> branches = branches(call);
        int position = branches.get(0).layout().position(dim);
        long extent = 0;
        boolean places = false;
        Optional<Branch> joined = Optional.empty();
        for (Branch branch : branches) {
            Dim along = branch.layout().dim(position);
            if (along.kind() == Dim.Kind.ROWS || along.kind() == Dim.Kind.COLUMNS) {
                throw new Unfollowed("maps that are put beside each other");
            }
            extent = extent < 0 || along.extent() < 0 ? Dim.UNKNOWN : extent + along.extent();
            places |= !along.isPlain();
            Branch without = new Branch(branch.layout().without(position), branch.name());
            joined = Optional.of(joined.map(before -> before.join(without)).orElse(without));
        }
        Layout layout = joined.orElseThrow().layout();
        return call.result(layout.withNew(position, places ? Dim.mixed(extent) : Dim.plain(extent)));
    }

    static Value stack(OperatorCall call, long dim) {
        List<Branch> branches = branches(call);
        Layout layout = branches.stream().reduce(Branch::join).orElseThrow().layout();
        long position = dim < 0 ? dim + layout.rank() + 1 : dim;
        if (position < 0 || position > layout.rank()) {
            throw new Unfollowed("its dimension");
        }
        return call.result(layout.withNew((int) position, Dim.plain(branches.size())));
    }

    private static List<Branch> branches(OperatorCall call) {
        List<Branch> branches = new ArrayList<>();
        if (call.arg(0).orElse(Value.none()) instanceof Value.Items items) {
            for (Value item : items.list()) {
                branches.add(branch(call, item).orElseThrow(() -> new Unfollowed("one of its tensors")));
            }
        }
        if (branches.isEmpty()) {
            throw new Unfollowed("its list of tensors");
        }
        return branches;
    }

    /** The last dimension of the first by the last but one of the second; dimensions before them are joined. */
    static Layout product(Layout a, Layout b) {
        if (a.rank() < 2 || b.rank() < 2) {
            throw new Unfollowed("a product with a vector");
        }
        Layout batchA = a.without(-1).without(-1);
        Layout batchB = b.without(-1).without(-1);
        Layout batch = batchA.join(batchB);
        List<Dim> dims = new ArrayList<>(batch.dims());
        dims.add(a.dim(-2));
        dims.add(b.dim(-1));
        boolean summed = !a.dim(-1).isPlain() || !b.dim(-2).isPlain();
        return new Layout(dims, batch.wholeImage() || summed);
    }
}
