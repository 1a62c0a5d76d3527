package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.netdissect.torchscript.syntax.ClassDef;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.Stmt;
import org.netdissect.torchscript.syntax.Trees;

/**
 * Resolves expressions in a method to modules: {@code self}, {@code self.a.b}, {@code getattr(m, "0")} and their
 * aliases. An alias counts only if all its assignments denote the same module.
 */
final class Receivers {
    private final ClassIndex index;
    private final Place self;
    private final String selfName;
    /** assigned values by name */
    private final Map<String, List<Expr>> values = new HashMap<>();
    /** names that may denote anything: parameters, loop variables, functions */
    private final Set<String> opaque = new HashSet<>();
    /** modules of the names resolved so far */
    private final Map<String, Optional<Place>> known = new HashMap<>();

    Receivers(ClassIndex index, ModuleClass type, MethodDef method) {
        this.index = index;
        this.self = new Place("", type);
        this.selfName =
                method.parameters().isEmpty() ? "" : method.parameters().get(0).name();
        method.parameters().stream().skip(1).forEach(parameter -> opaque.add(parameter.name()));
        method.body().stream().flatMap(Receivers::ownStatements).forEach(stmt -> stmt.accept(new Binding()));
    }

    /** The statements of a method without those of functions inside it. */
    private static Stream<Stmt> ownStatements(Stmt stmt) {
        return stmt instanceof MethodDef ? Stream.of(stmt) : Trees.statements(stmt);
    }

    /** The module that the expression denotes; empty if none or unknown. */
    Optional<Place> place(Expr expr) {
        if (expr instanceof Expr.Name name) {
            return place(name.id());
        } else if (expr instanceof Expr.Attribute attribute) {
            return place(attribute.value()).flatMap(owner -> child(owner, attribute.name()));
        }
        return getattr(expr)
                .flatMap(call -> place(call.args().get(0).value())
                        .flatMap(owner ->
                                child(owner, ((Expr.Str) call.args().get(1).value()).value())));
    }

    /** The expression as a call {@code getattr(x, "name")}; empty for any other. */
    static Optional<Expr.Call> getattr(Expr expr) {
        boolean matches = expr instanceof Expr.Call call
                && call.callee() instanceof Expr.Name callee
                && callee.id().equals("getattr")
                && call.args().size() == 2
                && call.args().get(1).value() instanceof Expr.Str;
        return matches ? Optional.of((Expr.Call) expr) : Optional.empty();
    }

    private Optional<Place> child(Place owner, String attribute) {
        return Optional.ofNullable(index.submodules(owner.type()).get(attribute))
                .map(type -> new Place(Place.join(owner.path(), attribute), type));
    }

    private Optional<Place> place(String name) {
        boolean assigned = values.containsKey(name);
        if (name.equals(selfName) && !assigned && !opaque.contains(name)) {
            return Optional.of(self);
        } else if (!assigned || opaque.contains(name)) {
            return Optional.empty();
        }
        Optional<Place> cached = known.get(name);
        if (cached == null) {
            known.put(name, Optional.empty()); // a name defined by itself denotes no module
            cached = common(Objects.requireNonNull(values.get(name)));
            known.put(name, cached);
        }
        return cached;
    }

    private Optional<Place> common(List<Expr> candidates) {
        Optional<Place> first = place(candidates.get(0));
        for (Expr candidate : candidates.subList(1, candidates.size())) {
            if (!place(candidate).equals(first)) {
                return Optional.empty();
            }
        }
        return first;
    }

    /** Collects the names that a statement binds. */
    private final class Binding implements Stmt.Visitor {
        @Override
        public void simple(Stmt.Simple stmt) {}

        @Override
        public void assign(Stmt.Assign stmt) {
            stmt.value().ifPresent(value -> Receivers.this.assign(stmt.target(), value));
        }

        @Override
        public void choice(Stmt.If stmt) {}

        @Override
        public void forLoop(Stmt.For stmt) {
            hide(stmt.target());
        }

        @Override
        public void whileLoop(Stmt.While stmt) {}

        @Override
        public void with(Stmt.With stmt) {
            stmt.target().ifPresent(Receivers.this::hide);
        }

        @Override
        public void method(MethodDef function) {
            opaque.add(function.name());
        }

        @Override
        public void type(ClassDef type) {}
    }

    private void assign(Expr target, Expr value) {
        if (target instanceof Expr.Name name) {
            values.computeIfAbsent(name.id(), unused -> new ArrayList<>()).add(value);
        } else if (target instanceof Expr.TupleOf names) {
            boolean pairs = value instanceof Expr.TupleOf tuple
                    && tuple.items().size() == names.items().size();
            for (int i = 0; i < names.items().size(); i++) {
                if (pairs) {
                    assign(names.items().get(i), value.children().get(i));
                } else {
                    hide(names.items().get(i));
                }
            }
        }
    }

    private void hide(Expr target) {
        if (target instanceof Expr.Name name) {
            opaque.add(name.id());
        } else if (target instanceof Expr.TupleOf tuple) {
            tuple.items().forEach(this::hide);
        }
    }
}
