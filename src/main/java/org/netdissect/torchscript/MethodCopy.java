package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.Expr.Arg;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.Span;
import org.netdissect.torchscript.syntax.Stmt;
import org.netdissect.torchscript.syntax.Trees;

/** Copies one method with edits of its result and with calls of further copies. */
final class MethodCopy {
    static final Expr TENSOR = new Expr.Name("Tensor");
    static final Expr DICT =
            new Expr.Subscript(new Expr.Name("Dict"), new Expr.TupleOf(List.of(new Expr.Name("str"), TENSOR)));

    /** Name of the dictionary of layers' outputs, which copies fill. */
    static final String TAPS = "taps";
    /** Name of the dictionary of the caller's tensors by argument. */
    static final String TENSORS = "tensors";

    private static final Expr NONE = new Expr.Literal("None");
    /** torch.contiguous_format (c10/core/MemoryFormat.h) */
    private static final Expr CONTIGUOUS = new Expr.Literal("0");
    /** torch.float32 (c10/core/ScalarType.h) */
    static final Expr FLOAT = new Expr.Literal("6");

    private final MethodDef original;
    private final List<Edit> edits;
    private final Calls calls;
    /** {@link #TAPS}, {@link #TENSORS} or both, with their names in this method */
    private final Map<String, Expr.Name> dictionaries = new LinkedHashMap<>();

    private final Expr.Name output;
    private final Expr.Name kept;

    /** Answers which calls lead to edits, and which copies replace their callees. */
    interface Calls {
        /** Whether an edit is reached through this call. */
        boolean leadsToEdit(Expr.Call call);

        /**
         * Name of the copy to call instead; empty for a call that stays as it is.
         *
         * @param resultNeeded whether the copy must return what the original returns
         */
        Optional<String> copyCalled(Expr.Call call, boolean resultNeeded);

        /** The first tensor of the network's output. */
        Expr firstTensor(Expr output, Expr type);

        /** The expression to write instead of one whose children are changed already; itself if it stays. */
        default Expr replaced(Expr changed) {
            return changed;
        }
    }

    /**
     * Prepares a copy.
     *
     * @param edits edits of the method's result, in order
     * @param dictionaries the parameters to add: {@link #TAPS}, {@link #TENSORS} or both
     */
    MethodCopy(MethodDef original, List<Edit> edits, List<String> dictionaries, Calls calls) {
        this.original = original;
        this.edits = edits;
        this.calls = calls;
        Set<String> taken = Trees.names(original);
        dictionaries.forEach(name -> this.dictionaries.put(name, new Expr.Name(Trees.unused(name, taken))));
        this.output = new Expr.Name(Trees.unused("output", taken));
        this.kept = new Expr.Name(Trees.unused("kept", taken));
    }

    /** Whether {@link #ending} can copy the method, because it returns only at its end. */
    static boolean canEnd(MethodDef method) {
        List<Stmt> body = method.body();
        return body.subList(0, body.size() - 1).stream().noneMatch(MethodCopy::returns)
                && (isReturn(body.get(body.size() - 1)) || !returns(body.get(body.size() - 1)));
    }

    /** The copy that returns what the original returns. */
    MethodDef named(String name) {
        return copy(name, original.returns(), block(original.body()));
    }

    /** The copy that ends after its last edit and returns nothing. */
    MethodDef ending(String name) {
        List<Stmt> body = new ArrayList<>(shortened(original.body()));
        body.add(returned(NONE));
        return copy(name, Optional.of(new Expr.Name("NoneType")), body);
    }

    /** Adds the dictionaries right after the receiver, before parameters with defaults. */
    private MethodDef copy(String name, Optional<Expr> returns, List<Stmt> body) {
        List<MethodDef.Parameter> parameters = new ArrayList<>(original.parameters());
        int at = 1;
        for (Expr.Name dictionary : dictionaries.values()) {
            parameters.add(at++, new MethodDef.Parameter(dictionary.id(), Optional.of(DICT), Optional.empty()));
        }
        return new MethodDef(Span.NONE, List.of(), name, parameters, returns, body);
    }

    private List<Stmt> block(List<Stmt> statements) {
        return statements.stream().flatMap(this::statement).toList();
    }

    private Stream<Stmt> statement(Stmt stmt) {
        Stmt changed = stmt.map(expr -> expression(expr, true), this::block);
        return edits.isEmpty() || !isReturn(changed) ? Stream.of(changed) : edited(changed.expressions());
    }

    private Stream<Stmt> edited(List<Expr> value) {
        Stream<Stmt> changes = edits.stream().flatMap(edit -> edit.accept(new EditedOutput()));
        return Stream.of(Stream.of(assign(output, typed(value.get(0)))), changes, Stream.of(returned(output)))
                .flatMap(Function.identity());
    }

    /** The value with its declared type unless it is a tensor: {@code None} alone would not be an optional one. */
    private Expr typed(Expr value) {
        return original.returns()
                .filter(type -> !type.equals(TENSOR) && isOutputTapped())
                .<Expr>map(type -> new Expr.Call(new Expr.Name("annotate"), List.of(Arg.of(type), Arg.of(value))))
                .orElse(value);
    }

    private boolean isOutputTapped() {
        return edits.stream().anyMatch(edit -> edit.layer().equals(TorchScriptArchive.OUTPUT));
    }

    /** The tensor to store for the layer. */
    private Expr stored(String layer) {
        return layer.equals(TorchScriptArchive.OUTPUT)
                ? calls.firstTensor(output, original.returns().orElse(TENSOR))
                : output;
    }

    /** The statements that edit the output. */
    private final class EditedOutput implements Edit.Visitor<Stream<Stmt>> {
        /** Stores a clone with its values in the order of its shape, since following operators may work in place. */
        @Override
        public Stream<Stmt> tap(Edit.Tap tap) {
            return Stream.of(assign(item(TAPS, tap.layer()), contiguous(stored(tap.layer()))));
        }

        /**
         * Goes on with a clone of the stored tensor, since following operators may work in place. Stores 32 bits at
         * once: the gradient exists for this very tensor only, so it must not be cast later.
         */
        @Override
        public Stream<Stmt> source(Edit.Source source) {
            Stmt cast = assign(kept, torch("to", Arg.of(kept), Arg.of(FLOAT)));
            Expr clone = torch("clone", Arg.of(kept));
            return Stream.of(
                    assign(kept, contiguous(output)),
                    new Stmt.If(Span.NONE, torch("is_floating_point", Arg.of(kept)), List.of(cast), List.of()),
                    assign(item(TAPS, source.layer()), kept),
                    assign(output, torch("type_as", Arg.of(clone), Arg.of(output))));
        }

        private static Expr contiguous(Expr tensor) {
            return torch("clone", Arg.of(tensor), new Arg(Optional.of("memory_format"), CONTIGUOUS));
        }

        @Override
        public Stream<Stmt> scale(Edit.Scale scale) {
            return Stream.of(assign(output, torch("mul", Arg.of(output), Arg.of(alike(scale.argument())))));
        }

        /** Replaces it by a clone, since following operators may work in place. */
        @Override
        public Stream<Stmt> replace(Edit.Replace replace) {
            return Stream.of(assign(output, torch("clone", Arg.of(alike(replace.argument())))));
        }

        /** The caller's tensor with the output's number type and device. */
        private Expr alike(String argument) {
            return torch("type_as", Arg.of(item(TENSORS, argument)), Arg.of(output));
        }

        private Expr item(String dictionary, String key) {
            return new Expr.Subscript(Objects.requireNonNull(dictionaries.get(dictionary)), Expr.Str.of(key));
        }
    }

    private Expr expression(Expr expr, boolean resultNeeded) {
        Optional<String> copy =
                expr instanceof Expr.Call call ? calls.copyCalled(call, resultNeeded) : Optional.empty();
        Expr changed = expr.mapChildren(child -> expression(child, true));
        if (copy.isPresent() && changed instanceof Expr.Call call && call.callee() instanceof Expr.Attribute method) {
            List<Arg> args = Stream.concat(dictionaries.values().stream().map(Arg::of), call.args().stream())
                    .toList();
            return new Expr.Call(new Expr.Attribute(method.value(), copy.get()), args);
        }
        return calls.replaced(changed);
    }

    /** The statements up to the last that leads to an edit, itself shortened in the same way. */
    private List<Stmt> shortened(List<Stmt> statements) {
        int last = statements.size() - 1;
        while (last >= 0 && !leadsToEdit(statements.get(last))) {
            last--;
        }
        if (last < 0) {
            return List.of(new Stmt.Simple(Span.NONE, "pass", List.of()));
        }
        List<Stmt> kept = new ArrayList<>(block(statements.subList(0, last)));
        kept.addAll(shortened(statements.get(last)));
        return kept;
    }

    private List<Stmt> shortened(Stmt stmt) {
        if (!blocksLeadToEdit(stmt)) {
            return stmt.expressions().stream().flatMap(this::shortened).toList();
        } else if (stmt instanceof Stmt.If || stmt instanceof Stmt.With) {
            return List.of(
                    stmt.map(expr -> expression(expr, true), block -> block.isEmpty() ? block : shortened(block)));
        } else {
            // the next round of a loop needs its results
            return statement(stmt).toList();
        }
    }

    /** The calls in an expression that lead to edits, without the computations on their results. */
    private Stream<Stmt> shortened(Expr expr) {
        if (!leadsToEdit(expr)) {
            return Stream.of();
        } else if (expr instanceof Expr.Call call && calls.leadsToEdit(call)) {
            return Stream.of(expressionStatement(expression(expr, false)));
        } else if (isConditional(expr)) {
            return Stream.of(expressionStatement(expression(expr, true)));
        } else {
            return expr.children().stream().flatMap(this::shortened);
        }
    }

    /** Whether parts of the expression may not run, or run more than once. */
    private static boolean isConditional(Expr expr) {
        return expr instanceof Expr.Conditional
                || expr instanceof Expr.Lambda
                || (expr instanceof Expr.Binary binary && Set.of("and", "or").contains(binary.operator()));
    }

    /** Whether a statement leads to an edit; functions inside are not copied, so their calls do not count. */
    private boolean leadsToEdit(Stmt stmt) {
        return !(stmt instanceof MethodDef)
                && (stmt.expressions().stream().anyMatch(this::leadsToEdit) || blocksLeadToEdit(stmt));
    }

    private boolean blocksLeadToEdit(Stmt stmt) {
        return stmt.blocks().stream().anyMatch(block -> block.stream().anyMatch(this::leadsToEdit));
    }

    private boolean leadsToEdit(Expr expr) {
        return Trees.expressions(expr).anyMatch(each -> each instanceof Expr.Call call && calls.leadsToEdit(call));
    }

    private static boolean returns(Stmt stmt) {
        return isReturn(stmt)
                || (!(stmt instanceof MethodDef)
                        && stmt.blocks().stream()
                                .anyMatch(block -> block.stream().anyMatch(MethodCopy::returns)));
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

    private static Stmt expressionStatement(Expr value) {
        return new Stmt.Simple(Span.NONE, "", List.of(value));
    }
}
