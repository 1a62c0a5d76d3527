package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.Stmt;

/** Uses of modules in one method, with paths relative to the method's module. */
final class MethodCode {
    private final MethodDef definition;
    private final Receivers receivers;
    private final List<Site> sites = new ArrayList<>();
    private final Set<String> handedOn = new HashSet<>();
    private final Set<String> forked = new HashSet<>();

    /** A call of a module's method. */
    record Site(Place module, String method) {}

    MethodCode(ClassIndex index, ModuleClass type, MethodDef definition) {
        boolean receiver = !definition.parameters().isEmpty()
                && !definition.parameters().get(0).name().equals("*");
        if (!receiver) {
            throw new InputException(type.name() + "." + definition.name() + ": a method without self");
        }
        this.definition = definition;
        this.receivers = new Receivers(index, type, definition);
        definition.body().forEach(stmt -> read(stmt, false));
    }

    MethodDef definition() {
        return definition;
    }

    /** The calls in source order. */
    List<Site> sites() {
        return sites;
    }

    /** Paths of modules used as values: arguments, list items, results. */
    Set<String> handedOn() {
        return handedOn;
    }

    /** Paths of modules called inside a forked function. */
    Set<String> forked() {
        return forked;
    }

    /** The module that the expression denotes; empty if none or unknown. */
    Optional<Place> place(Expr expr) {
        return receivers.place(expr);
    }

    /** The expression as a call of a module's method; empty for any other. */
    Optional<Site> site(Expr expr) {
        if (expr instanceof Expr.Call call && call.callee() instanceof Expr.Attribute method) {
            return receivers
                    .place(method.value())
                    .filter(module -> module.type().methods().containsKey(method.name()))
                    .map(module -> new Site(module, method.name()));
        }
        return Optional.empty();
    }

    private void read(Stmt stmt, boolean inFork) {
        boolean alias = stmt instanceof Stmt.Assign assign
                && assign.value().filter(this::namesModules).isPresent();
        if (!alias && !(stmt instanceof MethodDef)) {
            stmt.expressions().forEach(expr -> read(expr, inFork));
        }
        stmt.blocks().forEach(block -> block.forEach(each -> read(each, inFork || stmt instanceof MethodDef)));
    }

    /** Whether an assigned value only names modules. */
    private boolean namesModules(Expr value) {
        return receivers.place(value).isPresent()
                || (value instanceof Expr.TupleOf tuple
                        && tuple.items().stream().allMatch(this::namesModules));
    }

    private void read(Expr expr, boolean inFork) {
        Optional<Site> site = site(expr);
        if (site.isPresent()) {
            if (inFork) {
                forked.add(site.get().module().path());
            } else {
                sites.add(site.get());
            }
            ((Expr.Call) expr).args().forEach(arg -> read(arg.value(), inFork));
            return;
        }
        Optional<Place> value = receivers.place(expr);
        if (value.isPresent()) {
            handedOn.add(value.get().path());
        } else if (!readsAttribute(expr)) {
            expr.children().forEach(child -> read(child, inFork));
        }
    }

    /** Whether the expression reads an attribute of a module that is no submodule: weights, settings, a method. */
    private boolean readsAttribute(Expr expr) {
        Optional<Expr> owner = expr instanceof Expr.Attribute attribute
                ? Optional.of(attribute.value())
                : Receivers.getattr(expr).map(call -> call.args().get(0).value());
        return owner.flatMap(receivers::place).isPresent();
    }
}
