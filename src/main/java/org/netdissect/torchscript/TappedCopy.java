package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.netdissect.torchscript.Expr.Arg;

/** Copies one method, with its taps. */
final class TappedCopy {
    static final Expr TENSOR = new Expr.Name("Tensor");
    static final Expr DICT =
            new Expr.Subscript(new Expr.Name("Dict"), new Expr.TupleOf(List.of(new Expr.Name("str"), TENSOR)));

    private static final Expr NONE = new Expr.Literal("None");
    /** torch.contiguous_format (c10/core/MemoryFormat.h) */
    private static final Expr CONTIGUOUS = new Expr.Literal("0");

    private final MethodDef original;
    private final Optional<String> layer;
    private final Calls calls;
    private final Expr.Name taps;
    private final Expr.Name output;

    /** Which calls lead to taps, and what is called in their place. */
    interface Calls {
        /** Whether a tap is reached through this call. */
        boolean leadsToTap(Expr.Call call);

        /**
         * Name of the copy that takes the call's place; empty where the call stays as it is.
         *
         * @param resultNeeded whether the copy has to return what the original returns
         */
        Optional<String> copyCalled(Expr.Call call, boolean resultNeeded);
    }

    /**
     * Prepares a copy.
     *
     * @param layer the name under which what it returns is stored
     */
    TappedCopy(MethodDef original, Optional<String> layer, Calls calls) {
        this.original = original;
        this.layer = layer;
        this.calls = calls;
        Set<String> taken = Trees.names(original);
        this.taps = new Expr.Name(Trees.unused("taps", taken));
        this.output = new Expr.Name(Trees.unused("output", taken));
    }

    /** Whether {@link #ending} can copy it: it returns nowhere but at its end. */
    static boolean canEnd(MethodDef method) {
        List<Stmt> body = method.body();
        return body.subList(0, body.size() - 1).stream().noneMatch(TappedCopy::returns)
                && (isReturn(body.get(body.size() - 1)) || !returns(body.get(body.size() - 1)));
    }

    /** The copy that returns what the original returns. */
    MethodDef named(String name) {
        return copy(name, original.returns(), block(original.body()));
    }

    /** The copy that ends after its last tap and returns nothing. */
    MethodDef ending(String name) {
        List<Stmt> body = new ArrayList<>(ended(original.body()));
        body.add(returned(NONE));
        return copy(name, Optional.of(new Expr.Name("NoneType")), body);
    }

    /** The dictionary comes right after the receiver, before parameters that have defaults. */
    private MethodDef copy(String name, Optional<Expr> returns, List<Stmt> body) {
        List<MethodDef.Parameter> parameters = new ArrayList<>(original.parameters());
        parameters.add(1, new MethodDef.Parameter(taps.id(), Optional.of(DICT), Optional.empty()));
        return new MethodDef(Span.NONE, List.of(), name, parameters, returns, body);
    }

    private List<Stmt> block(List<Stmt> statements) {
        return statements.stream().flatMap(this::statement).toList();
    }

    private Stream<Stmt> statement(Stmt stmt) {
        Stmt changed = stmt.map(expr -> expression(expr, true), this::block);
        boolean stores = layer.isPresent() && isReturn(changed);
        return stores ? store(changed.expressions(), layer.orElse("")) : Stream.of(changed);
    }

    /** Stores a clone, since operators that follow may work in place, with its values in the order of its shape. */
    private Stream<Stmt> store(List<Expr> value, String name) {
        Expr clone = torch("clone", Arg.of(output), new Arg(Optional.of("memory_format"), CONTIGUOUS));
        Expr item = new Expr.Subscript(taps, Expr.Str.of(name));
        return Stream.of(assign(output, value.get(0)), assign(item, clone), returned(output));
    }

    private Expr expression(Expr expr, boolean resultNeeded) {
        Optional<String> copy =
                expr instanceof Expr.Call call ? calls.copyCalled(call, resultNeeded) : Optional.empty();
        Expr changed = expr.mapChildren(child -> expression(child, true));
        if (copy.isPresent() && changed instanceof Expr.Call call && call.callee() instanceof Expr.Attribute method) {
            List<Arg> args =
                    Stream.concat(Stream.of(Arg.of(taps)), call.args().stream()).toList();
            return new Expr.Call(new Expr.Attribute(method.value(), copy.get()), args);
        }
        return changed;
    }

    /** The statements up to the last that leads to a tap, which ends there too. */
    private List<Stmt> ended(List<Stmt> statements) {
        int last = statements.size() - 1;
        while (last >= 0 && !leads(statements.get(last))) {
            last--;
        }
        if (last < 0) {
            return List.of(new Stmt.Simple(Span.NONE, "pass", List.of()));
        }
        List<Stmt> kept = new ArrayList<>(block(statements.subList(0, last)));
        kept.addAll(ended(statements.get(last)));
        return kept;
    }

    private List<Stmt> ended(Stmt stmt) {
        if (!leadsInside(stmt)) {
            return stmt.expressions().stream().flatMap(this::ended).toList();
        } else if (stmt instanceof Stmt.If || stmt instanceof Stmt.With) {
            return List.of(stmt.map(expr -> expression(expr, true), block -> block.isEmpty() ? block : ended(block)));
        } else {
            // a loop needs its results in the next round
            return statement(stmt).toList();
        }
    }

    /** The calls in an expression that lead to taps, without what is made of their results. */
    private Stream<Stmt> ended(Expr expr) {
        if (!leads(expr)) {
            return Stream.of();
        } else if (expr instanceof Expr.Call call && calls.leadsToTap(call)) {
            return Stream.of(alone(expression(expr, false)));
        } else if (isConditional(expr)) {
            return Stream.of(alone(expression(expr, true)));
        } else {
            return expr.children().stream().flatMap(this::ended);
        }
    }

    /** Whether parts of it may not be computed at all, or more than once. */
    private static boolean isConditional(Expr expr) {
        return expr instanceof Expr.Conditional
                || expr instanceof Expr.Lambda
                || (expr instanceof Expr.Binary binary && Set.of("and", "or").contains(binary.operator()));
    }

    /** Functions inside are left as they are, so what they call does not count. */
    private boolean leads(Stmt stmt) {
        return !(stmt instanceof MethodDef) && (stmt.expressions().stream().anyMatch(this::leads) || leadsInside(stmt));
    }

    private boolean leadsInside(Stmt stmt) {
        return stmt.blocks().stream().anyMatch(block -> block.stream().anyMatch(this::leads));
    }

    private boolean leads(Expr expr) {
        return Trees.expressions(expr).anyMatch(each -> each instanceof Expr.Call call && calls.leadsToTap(call));
    }

    private static boolean returns(Stmt stmt) {
        return isReturn(stmt)
                || (!(stmt instanceof MethodDef)
                        && stmt.blocks().stream()
                                .anyMatch(block -> block.stream().anyMatch(TappedCopy::returns)));
    }

    private static boolean isReturn(Stmt stmt) {
        return stmt instanceof Stmt.Simple simple && simple.isReturn();
    }

    static Expr torch(String function, Arg... args) {
        return new Expr.Call(new Expr.Attribute(new Expr.Name("torch"), function), List.of(args));
    }

    static Stmt assign(Expr target, Expr value) {
        return new Stmt.Assign(Span.NONE, target, Optional.empty(), "=", Optional.of(value));
    }

    static Stmt returned(Expr value) {
        return new Stmt.Simple(Span.NONE, "return", List.of(value));
    }

    private static Stmt alone(Expr value) {
        return new Stmt.Simple(Span.NONE, "", List.of(value));
    }
}
