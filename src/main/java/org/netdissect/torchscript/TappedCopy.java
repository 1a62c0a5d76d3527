package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.netdissect.torchscript.Expr.Arg;

/** Copies one method, with its taps. */
final class TappedCopy {
    private static final Expr DICT = new Expr.Subscript(
            new Expr.Name("Dict"), new Expr.TupleOf(List.of(new Expr.Name("str"), new Expr.Name("Tensor"))));

    private final MethodDef original;
    private final Optional<String> layer;
    private final Function<Expr.Call, Optional<String>> copyCalled;
    private final Expr.Name taps;
    private final Expr.Name output;

    /**
     * Prepares a copy.
     *
     * @param layer the name under which what it returns is stored
     * @param copyCalled the copy that a call goes to; empty where the call stays as it is
     */
    TappedCopy(MethodDef original, Optional<String> layer, Function<Expr.Call, Optional<String>> copyCalled) {
        this.original = original;
        this.layer = layer;
        this.copyCalled = copyCalled;
        Set<String> taken = Trees.names(original);
        this.taps = new Expr.Name(Trees.unused("taps", taken));
        this.output = new Expr.Name(Trees.unused("output", taken));
    }

    /** The dictionary comes right after the receiver, before parameters that have defaults. */
    MethodDef named(String name) {
        List<MethodDef.Parameter> parameters = new ArrayList<>(original.parameters());
        parameters.add(1, new MethodDef.Parameter(taps.id(), Optional.of(DICT), Optional.empty()));
        return new MethodDef(Span.NONE, List.of(), name, parameters, original.returns(), block(original.body()));
    }

    /** {@code forward_tapped} of the network: makes the dictionary, runs the copy of {@code forward}, returns it. */
    static MethodDef entry(MethodDef forward, String copy) {
        Set<String> taken = Trees.names(forward);
        Expr.Name taps = new Expr.Name(Trees.unused("taps", taken));
        Expr.Name output = new Expr.Name(Trees.unused("output", taken));
        List<Expr> names = forward.parameters().stream()
                .map(parameter -> (Expr) new Expr.Name(parameter.name()))
                .toList();
        Stream<Arg> arguments =
                Stream.concat(Stream.of(taps), names.stream().skip(1)).map(Arg::of);
        Expr empty = new Expr.Call(
                new Expr.Name("annotate"), List.of(Arg.of(DICT), Arg.of(new Expr.DictOf(List.of(), List.of()))));
        Expr run = new Expr.Call(new Expr.Attribute(names.get(0), copy), arguments.toList());
        return new MethodDef(
                Span.NONE,
                List.of(),
                TorchScriptArchive.TAPPED_METHOD,
                forward.parameters(),
                Optional.of(DICT),
                List.of(assign(taps, empty), assign(output, run), returned(taps)));
    }

    private List<Stmt> block(List<Stmt> statements) {
        return statements.stream().flatMap(this::statement).toList();
    }

    private Stream<Stmt> statement(Stmt stmt) {
        Stmt changed = stmt.map(this::expression, this::block);
        boolean stores = layer.isPresent() && changed instanceof Stmt.Simple simple && simple.isReturn();
        return stores ? store(changed.expressions(), layer.orElse("")) : Stream.of(changed);
    }

    /** Stores a clone: operators that follow may work in place. */
    private Stream<Stmt> store(List<Expr> value, String name) {
        Expr clone = new Expr.Call(new Expr.Attribute(new Expr.Name("torch"), "clone"), List.of(Arg.of(output)));
        Expr item = new Expr.Subscript(taps, Expr.Str.of(name));
        return Stream.of(assign(output, value.get(0)), assign(item, clone), returned(output));
    }

    private Expr expression(Expr expr) {
        Optional<String> copy = expr instanceof Expr.Call call ? copyCalled.apply(call) : Optional.empty();
        Expr changed = expr.mapChildren(this::expression);
        if (copy.isPresent() && changed instanceof Expr.Call call && call.callee() instanceof Expr.Attribute method) {
            List<Arg> args =
                    Stream.concat(Stream.of(Arg.of(taps)), call.args().stream()).toList();
            return new Expr.Call(new Expr.Attribute(method.value(), copy.get()), args);
        }
        return changed;
    }

    private static Stmt assign(Expr target, Expr value) {
        return new Stmt.Assign(Span.NONE, target, Optional.empty(), "=", Optional.of(value));
    }

    private static Stmt returned(Expr value) {
        return new Stmt.Simple(Span.NONE, "return", List.of(value));
    }
}
