package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.netdissect.torchscript.Expr.Arg;
import org.netdissect.torchscript.InputContract.NumberType;

/**
 * The methods by which the engine asks for the taps: they make the dictionary, run the copy of {@code forward} and return
 * it.
 */
final class EntryMethods {
    /** torch.channels_last (c10/core/MemoryFormat.h) */
    private static final Expr CHANNELS_LAST = new Expr.Literal("2");

    /** complex64 (c10/core/ScalarType.h) */
    private static final Expr COMPLEX = new Expr.Literal("9");

    private EntryMethods() {}

    /**
     * {@code forward_tapped}, and {@code forward_tapped_channels_last} where the first argument is a tensor.
     *
     * @param copy name of the copy of {@code forward}
     * @param type to which the first argument is cast
     */
    static List<MethodDef> of(MethodDef forward, String copy, NumberType type) {
        List<Expr> names = values(forward, type);
        List<MethodDef> entries = new ArrayList<>();
        entries.add(entry(forward, TorchScriptArchive.TAPPED_METHOD, copy, names));
        if (takesTensor(forward)) {
            Expr.Arg format = new Expr.Arg(Optional.of("memory_format"), CHANNELS_LAST);
            List<Expr> converted = new ArrayList<>(names);
            converted.set(1, TappedCopy.torch("contiguous", Arg.of(names.get(1)), format));
            entries.add(entry(forward, TorchScriptArchive.TAPPED_CHANNELS_LAST_METHOD, copy, converted));
        }
        return entries;
    }

    /** {@code forward_numbers}: {@code forward} with its first argument cast to {@code type}, and its tensor back. */
    static MethodDef cast(MethodDef forward, NumberType type) {
        List<Expr> values = values(forward, type);
        List<Arg> arguments = arguments(forward, values);
        Expr run = new Expr.Call(new Expr.Attribute(values.get(0), forward.name()), arguments);
        boolean givesTensor =
                forward.returns().filter(TappedCopy.TENSOR::equals).isPresent();
        Expr result = givesTensor ? TappedCopy.torch("dequantize", Arg.of(run)) : run;
        return new MethodDef(
                Span.NONE,
                List.of(),
                TorchScriptArchive.CAST_METHOD,
                forward.parameters(),
                forward.returns(),
                List.of(TappedCopy.returned(result)));
    }

    /** The parameters as they are handed on, the receiver among them. */
    private static List<Expr> values(MethodDef forward, NumberType type) {
        List<Expr> values = new ArrayList<>();
        forward.parameters().forEach(parameter -> values.add(new Expr.Name(parameter.name())));
        if (type != NumberType.FLOAT && takesTensor(forward)) {
            Expr code = new Expr.Literal(Integer.toString(type.code));
            values.set(1, TappedCopy.torch("to", Arg.of(values.get(1)), Arg.of(code)));
        }
        return values;
    }

    /**
     * Makes the taps what the engine's interface can hand on: quantised and short numbers become 32 bits, complex ones
     * stay complex.
     */
    private static List<Stmt> numbers(Expr.Name taps, Set<String> taken) {
        Expr.Name names = new Expr.Name(Trees.unused("names", taken));
        Expr.Name name = new Expr.Name(Trees.unused("name", taken));
        Expr.Name value = new Expr.Name(Trees.unused("value", taken));
        Expr item = new Expr.Subscript(taps, name);
        Stmt complex = TappedCopy.assign(item, TappedCopy.torch("to", Arg.of(value), Arg.of(COMPLEX)));
        Stmt real = TappedCopy.assign(item, TappedCopy.torch("dequantize", Arg.of(value)));
        Stmt choice =
                new Stmt.If(Span.NONE, TappedCopy.torch("is_complex", Arg.of(value)), List.of(complex), List.of(real));
        return List.of(
                TappedCopy.assign(names, TappedCopy.torch("keys", Arg.of(taps))),
                new Stmt.For(Span.NONE, name, names, List.of(TappedCopy.assign(value, item), choice)));
    }

    private static boolean takesTensor(MethodDef forward) {
        return forward.parameters().size() > 1
                && forward.parameters()
                        .get(1)
                        .type()
                        .map(type -> type.equals(TappedCopy.TENSOR))
                        .orElse(true);
    }

    private static MethodDef entry(MethodDef forward, String name, String copy, List<Expr> values) {
        Set<String> taken = Trees.names(forward);
        Expr.Name taps = new Expr.Name(Trees.unused("taps", taken));
        Expr.Name output = new Expr.Name(Trees.unused("output", taken));
        List<Arg> arguments = new ArrayList<>();
        arguments.add(Arg.of(taps));
        arguments.addAll(arguments(forward, values));
        Expr empty = new Expr.Call(
                new Expr.Name("annotate"),
                List.of(Arg.of(TappedCopy.DICT), Arg.of(new Expr.DictOf(List.of(), List.of()))));
        Expr run = new Expr.Call(new Expr.Attribute(values.get(0), copy), arguments);
        List<Stmt> body = new ArrayList<>();
        body.add(TappedCopy.assign(taps, empty));
        body.add(TappedCopy.assign(output, run));
        body.addAll(numbers(taps, taken));
        body.add(TappedCopy.returned(taps));
        return new MethodDef(Span.NONE, List.of(), name, forward.parameters(), Optional.of(TappedCopy.DICT), body);
    }

    private static List<Arg> arguments(MethodDef forward, List<Expr> values) {
        List<Arg> arguments = new ArrayList<>();
        boolean byKeyword = false;
        for (int i = 1; i < values.size(); i++) {
            String parameter = forward.parameters().get(i).name();
            if (parameter.equals(MethodDef.KEYWORDS_FOLLOW)) {
                byKeyword = true;
            } else {
                arguments.add(new Arg(byKeyword ? Optional.of(parameter) : Optional.empty(), values.get(i)));
            }
        }
        return arguments;
    }
}
