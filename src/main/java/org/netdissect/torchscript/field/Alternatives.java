package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Merges the values of two branches if only a real run decides which is taken: keeps the facts true of both. */
final class Alternatives {
    private static final String UNDECIDED = "a condition that only the run decides";

    private Alternatives() {}

    static Value of(Value a, Value b) {
        if (a.equals(b) || b instanceof Value.Uninitialized) {
            return a;
        } else if (a instanceof Value.Uninitialized) {
            return b;
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

    /** Keeps positions if only the fields differ; the numbers of channels may differ. */
    private static Optional<Layout> of(Layout a, Layout b) {
        if (a.rank() != b.rank()) {
            return Optional.empty();
        }
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < a.rank(); i++) {
            Dim first = a.dim(i);
            Dim second = b.dim(i);
            if (first.isConstant() && second.isConstant()) {
                dims.add(first.equals(second) ? first : Dim.plain(Dim.UNKNOWN));
            } else if (first.withoutFields().equals(second.withoutFields())) {
                dims.add(first);
            } else {
                return Optional.empty();
            }
        }
        boolean whole = a.wholeImage() || b.wholeImage();
        Layout both = new Layout(dims, whole, a.fieldless().isEmpty() ? b.fieldless() : a.fieldless());
        try {
            return Optional.of(both.join(b.ofDims(alike(both.dims(), b.dims()))));
        } catch (Dim.Disagreement e) {
            return Optional.of(both.withoutFields(UNDECIDED));
        }
    }

    private static List<Dim> alike(List<Dim> dims, List<Dim> others) {
        List<Dim> alike = new ArrayList<>();
        for (int i = 0; i < dims.size(); i++) {
            alike.add(dims.get(i).isConstant() ? dims.get(i) : others.get(i));
        }
        return alike;
    }
}
