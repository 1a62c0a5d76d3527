package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators that join branches. */
final class Joins {
    private Joins() {}

    /** Joins all tensors and numbers among the values elementwise. */
    static Layout elementwise(OperatorCall call, List<Value> values) {
        Optional<Branch> joined = Optional.empty();
        for (Value value : values) {
            Optional<Branch> branch = branch(call, value);
            if (branch.isPresent()) {
                Branch next = branch.get();
                joined = Optional.of(
                        joined.map(before -> before.join(next, call)).orElse(next));
            }
        }
        return joined.orElseThrow(() -> new Unfollowed("its arguments")).layout();
    }

    /** Joins two tensors; constants of unknown shape are assumed to fit. */
    private static Optional<Branch> branch(OperatorCall call, Value value) {
        return OperatorCall.layout(value).map(layout -> new Branch(layout, name(call, value)));
    }

    private static String name(OperatorCall call, Value value) {
        String origin = value instanceof Value.Tensor tensor ? tensor.state().origin() : "";
        return origin.isEmpty() ? (call.where().isEmpty() ? "the network" : call.where() + " before it") : origin;
    }

    /** A tensor to join, with the path of the module that made it. */
    private record Branch(Layout layout, String name) {
        /** Keeps positions without fields if the fields disagree. */
        Branch join(Branch other, OperatorCall call) {
            String joined = layout.dependsOnImage() ? name : other.name;
            try {
                return new Branch(layout.join(other.layout), joined);
            } catch (Dim.Disagreement e) {
                String why = call.title() + ": " + e.between(name, other.name);
                return new Branch(layout.withoutFields(why).join(other.layout.withoutFields(why)), joined);
            }
        }
    }

    static Value cat(OperatorCall call, long dim) {
        List<Branch> branches = branches(call);
        int position = branches.get(0).layout().position(dim);
        List<Dim> along = new ArrayList<>();
        Optional<Branch> joined = Optional.empty();
        for (Branch branch : branches) {
            if (branch.layout().rank() == 1 && branch.layout().dim(0).extent() == 0) {
                continue; // PyTorch ignores these
            }
            along.add(branch.layout().dim(position));
            Branch without = new Branch(branch.layout().without(position), branch.name());
            joined =
                    Optional.of(joined.map(before -> before.join(without, call)).orElse(without));
        }
        Layout layout = joined.orElseThrow(() -> new Unfollowed("its tensors")).layout();
        return call.result(layout.withNew(position, concatenated(along)));
    }

    /** Concatenates dimensions: channels, or tokens of one map and extra tokens. */
    private static Dim concatenated(List<Dim> dims) {
        if (dims.size() == 1) {
            return dims.get(0);
        } else if (dims.stream().allMatch(Dim::isConstant)) {
            boolean known = dims.stream().noneMatch(dim -> dim.extent() == Dim.UNKNOWN);
            return Dim.plain(known ? dims.stream().mapToLong(Dim::extent).sum() : Dim.UNKNOWN);
        } else if (dims.stream().anyMatch(dim -> dim.places().isPresent())) {
            throw new Unfollowed("maps that are put beside each other");
        }
        List<Axis> places = List.of();
        List<Axis.Run> runs = new ArrayList<>();
        for (Dim dim : dims) {
            if (dim.isConstant() && dim.extent() != Dim.UNKNOWN) {
                runs.add(Axis.Run.extra(dim.extent()));
                continue;
            }
            Axis.Tokens tokens = dim.tokens().orElseThrow(() -> new Unfollowed("places in an order that is not known"));
            places = places.isEmpty()
                    ? tokens.places()
                    : new Dim(places).join(new Dim(tokens.places())).axes();
            runs.addAll(tokens.runs());
        }
        return Dim.of(new Axis.Tokens(places, runs));
    }

    static Value stack(OperatorCall call, long dim) {
        List<Branch> branches = branches(call);
        Layout layout = branches.stream()
                .reduce((a, b) -> a.join(b, call))
                .orElseThrow()
                .layout();
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
}
