package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.netdissect.torchscript.InputContract.NumberType;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.Expr.Arg;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.Span;
import org.netdissect.torchscript.syntax.Stmt;
import org.netdissect.torchscript.syntax.Trees;

/**
 * Makes the methods that the engine calls. They create the dictionaries, run the copy of {@code forward} and return
 * taps or output. They take the parameters of {@code forward}, and before those with defaults the tensors of changes.
 */
final class EntryMethods {
    /** torch.channels_last (c10/core/MemoryFormat.h) */
    private static final Expr CHANNELS_LAST = new Expr.Literal("2");

    /** complex64 (c10/core/ScalarType.h) */
    private static final Expr COMPLEX = new Expr.Literal("9");

    private final MethodDef forward;
    private final NumberType type;
    /** one for each argument of the changes, in order */
    private final List<Expr> tensors = new ArrayList<>();

    private final List<String> arguments;
    private final Set<String> taken;
    /** whether gradients pass the cast of taps */
    private final boolean differentiable;

    private EntryMethods(MethodDef forward, List<String> arguments, NumberType type, boolean differentiable) {
        this.differentiable = differentiable;
        this.forward = forward;
        this.type = type;
        this.arguments = arguments;
        this.taken = new HashSet<>(Trees.names(forward));
        for (String argument : arguments) {
            Expr.Name tensor = unused(argument);
            taken.add(tensor.id());
            tensors.add(tensor);
        }
    }

    /**
     * Makes {@code forward_tapped}, and {@code forward_tapped_channels_last} if the first argument is a tensor.
     *
     * @param copy name of the copy of {@code forward}
     * @param arguments names of the tensors that changes take
     * @param type number type to which the first argument is cast
     * @param differentiable whether gradients pass the taps
     */
    static List<MethodDef> tapped(
            MethodDef forward, String copy, List<String> arguments, NumberType type, boolean differentiable) {
        EntryMethods methods = new EntryMethods(forward, arguments, type, differentiable);
        List<Expr> values = methods.values();
        List<MethodDef> entries = new ArrayList<>();
        entries.add(methods.tapped(TorchScriptArchive.TAPPED_METHOD, copy, values));
        if (methods.takesTensor()) {
            Arg format = new Arg(Optional.of("memory_format"), CHANNELS_LAST);
            values.set(1, MethodCopy.torch("contiguous", Arg.of(values.get(1)), format));
            entries.add(methods.tapped(TorchScriptArchive.TAPPED_CHANNELS_LAST_METHOD, copy, values));
        }
        return entries;
    }

    /** Makes {@code forward_tapped_leaky}, which has the parameters of {@link #tapped}. */
    static MethodDef leaky(MethodDef forward, String copy, List<String> arguments, NumberType type) {
        EntryMethods methods = new EntryMethods(forward, arguments, type, true);
        return methods.tapped(TorchScriptArchive.TAPPED_LEAKY_METHOD, copy, methods.values());
    }

    /**
     * Makes {@code forward_edited}, which returns the output of the changed network and has the parameters of {@link
     * #tapped}.
     */
    static MethodDef edited(MethodDef forward, String copy, List<String> arguments, NumberType type) {
        EntryMethods methods = new EntryMethods(forward, arguments, type, false);
        Expr.Name tensors = methods.unused(MethodCopy.TENSORS);
        Expr run = methods.run(copy, List.of(tensors), methods.values());
        Stmt made = MethodCopy.assign(tensors, methods.tensors());
        return methods.method(
                TorchScriptArchive.EDITED_METHOD,
                forward.returns(),
                List.of(made, MethodCopy.returned(methods.dequantized(run))));
    }

    /**
     * Makes {@code forward_cast}: {@code forward} with its first argument cast to {@code type} and its output cast
     * back.
     */
    static MethodDef cast(MethodDef forward, NumberType type) {
        EntryMethods methods = new EntryMethods(forward, List.of(), type, false);
        Expr run = methods.run(forward.name(), List.of(), methods.values());
        return methods.method(
                TorchScriptArchive.CAST_METHOD,
                forward.returns(),
                List.of(MethodCopy.returned(methods.dequantized(run))));
    }

    private MethodDef tapped(String name, String copy, List<Expr> values) {
        Expr.Name taps = unused(MethodCopy.TAPS);
        Expr.Name tensors = unused(MethodCopy.TENSORS);
        List<Stmt> body = new ArrayList<>();
        body.add(MethodCopy.assign(taps, dictionary(List.of(), List.of())));
        List<Expr> dictionaries = new ArrayList<>(List.of(taps));
        if (!arguments.isEmpty()) {
            body.add(MethodCopy.assign(tensors, tensors()));
            dictionaries.add(tensors);
        }
        body.add(MethodCopy.assign(unused("output"), run(copy, dictionaries, values)));
        body.addAll(numbers(taps));
        body.add(MethodCopy.returned(taps));
        return method(name, Optional.of(MethodCopy.DICT), body);
    }

    private MethodDef method(String name, Optional<Expr> returns, List<Stmt> body) {
        List<MethodDef.Parameter> parameters = new ArrayList<>(forward.parameters());
        int at = 1;
        while (at < parameters.size()
                && parameters.get(at).byDefault().isEmpty()
                && !parameters.get(at).name().equals(MethodDef.KEYWORDS_FOLLOW)) {
            at++;
        }
        for (Expr tensor : tensors) {
            String parameter = tensor.dotted().orElseThrow();
            parameters.add(at++, new MethodDef.Parameter(parameter, Optional.of(MethodCopy.TENSOR), Optional.empty()));
        }
        return new MethodDef(Span.NONE, List.of(), name, parameters, returns, body);
    }

    private Expr.Name unused(String wanted) {
        return new Expr.Name(Trees.unused(wanted, taken));
    }

    /** The dictionary of the changes' tensors. */
    private Expr tensors() {
        return dictionary(arguments.stream().<Expr>map(Expr.Str::of).toList(), tensors);
    }

    private static Expr dictionary(List<Expr> keys, List<Expr> values) {
        return new Expr.Call(
                new Expr.Name("annotate"), List.of(Arg.of(MethodCopy.DICT), Arg.of(new Expr.DictOf(keys, values))));
    }

    /** The values of the parameters of {@code forward}, the receiver first. */
    private List<Expr> values() {
        List<Expr> values = new ArrayList<>();
        forward.parameters().forEach(parameter -> values.add(new Expr.Name(parameter.name())));
        if (type != NumberType.FLOAT && takesTensor()) {
            Expr code = new Expr.Literal(Integer.toString(type.code));
            values.set(1, MethodCopy.torch("to", Arg.of(values.get(1)), Arg.of(code)));
        }
        return values;
    }

    /** The call of a method with dictionaries and the parameters of {@code forward}. */
    private Expr run(String method, List<? extends Expr> dictionaries, List<Expr> values) {
        List<Arg> args = new ArrayList<>();
        dictionaries.forEach(dictionary -> args.add(Arg.of(dictionary)));
        boolean byKeyword = false;
        for (int i = 1; i < values.size(); i++) {
            String parameter = forward.parameters().get(i).name();
            if (parameter.equals(MethodDef.KEYWORDS_FOLLOW)) {
                byKeyword = true;
            } else {
                args.add(new Arg(byKeyword ? Optional.of(parameter) : Optional.empty(), values.get(i)));
            }
        }
        return new Expr.Call(new Expr.Attribute(values.get(0), method), args);
    }

    /** Casts the output of a network of another number type to 32 bits if it is a tensor. */
    private Expr dequantized(Expr output) {
        boolean givesTensor =
                forward.returns().filter(MethodCopy.TENSOR::equals).isPresent();
        return type != NumberType.FLOAT && givesTensor ? MethodCopy.torch("dequantize", Arg.of(output)) : output;
    }

    /**
     * Casts taps to types that the engine's interface supports: 32 bits, or complex numbers of 64. {@code dequantize}
     * takes all other types but has no gradient.
     */
    private List<Stmt> numbers(Expr.Name taps) {
        Expr.Name names = unused("names");
        Expr.Name name = unused("name");
        Expr.Name value = unused("value");
        Expr item = new Expr.Subscript(taps, name);
        Stmt complex = MethodCopy.assign(item, MethodCopy.torch("to", Arg.of(value), Arg.of(COMPLEX)));
        Stmt real = MethodCopy.assign(item, MethodCopy.torch("dequantize", Arg.of(value)));
        if (differentiable) {
            Expr cast = MethodCopy.torch("to", Arg.of(value), Arg.of(MethodCopy.FLOAT));
            real = choice("is_floating_point", value, MethodCopy.assign(item, cast), real);
        }
        Stmt choice = choice("is_complex", value, complex, real);
        return List.of(
                MethodCopy.assign(names, MethodCopy.torch("keys", Arg.of(taps))),
                new Stmt.For(Span.NONE, name, names, List.of(MethodCopy.assign(value, item), choice)));
    }

    private static Stmt choice(String test, Expr value, Stmt then, Stmt otherwise) {
        return new Stmt.If(Span.NONE, MethodCopy.torch(test, Arg.of(value)), List.of(then), List.of(otherwise));
    }

    private boolean takesTensor() {
        return forward.parameters().size() > 1
                && forward.parameters()
                        .get(1)
                        .type()
                        .map(MethodCopy.TENSOR::equals)
                        .orElse(true);
    }
}
