package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One value for two of which only the run decides: what holds of both. */
final class Alternatives {
    private static final String UNDECIDED = "a condition that only the run decides";

    private Alternatives() {}

    static Value of(Value a, Value b) {
        if (a.equals(b)) {
            return a;
        } else if (a instanceof Value.Tensor first && b instanceof Value.Tensor second) {
            return new Value.Tensor(of(first.state(), second.state()), null);
        } else if (a instanceof Value.Items first
                && b instanceof Value.Items second
                && first.list().size() == second.list().size()) {
            List<Value> items = new ArrayList<>();
            for (int i = 0; i < first.list().size(); i++) {
                items.add(of(first.list().get(i), second.list().get(i)));
            }
            return new Value.Items(items, Math.min(first.doubts(), second.doubts()));
        }
        return a.dependsOnImage() || b.dependsOnImage() ? Value.lost(UNDECIDED) : Value.unknown();
    }

    static Value.State of(Value.State a, Value.State b) {
        if (a.equals(b)) {
            return a;
        } else if (!a.dependsOnImage() && !b.dependsOnImage()) {
            return Value.State.UNKNOWN;
        } else if (!a.lost().isEmpty() || !b.lost().isEmpty()) {
            return a.lost().isEmpty() ? b : a;
        }
        return a.layout()
                .flatMap(first -> b.layout().flatMap(second -> of(first, second)))
                .map(layout -> Value.State.known(layout, a.origin()))
                .orElseGet(() -> Value.State.lost(UNDECIDED));
    }

    private static Optional<Layout> of(Layout a, Layout b) {
        if (a.rank() != b.rank()) {
            return Optional.empty();
        }
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < a.rank(); i++) {
            Dim first = a.dim(i);
            Dim second = b.dim(i);
            Optional<FieldAxis> field =
                    first.field().flatMap(mine -> second.field().flatMap(mine::union));
            if (first.kind() != second.kind() || first.field().isPresent() != field.isPresent()) {
                return Optional.empty();
            }
            dims.add(new Dim(first.extent() == second.extent() ? first.extent() : Dim.UNKNOWN, first.kind(), field));
        }
        return Optional.of(new Layout(dims, a.wholeImage() || b.wholeImage()));
    }
}
