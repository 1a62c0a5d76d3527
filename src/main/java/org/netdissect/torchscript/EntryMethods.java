package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.netdissect.torchscript.Expr.Arg;

/**
 * The methods by which the engine asks for the taps: they make the dictionary, run the copy of {@code forward} and return
 * it.
 */
final class EntryMethods {
    /** torch.channels_last (c10/core/MemoryFormat.h) */
    private static final Expr CHANNELS_LAST = new Expr.Literal("2");

    private EntryMethods() {}

    /**
     * {@code forward_tapped}, and {@code forward_tapped_channels_last} where the first argument is a tensor.
     *
     * @param copy name of the copy of {@code forward}
     */
    static List<MethodDef> of(MethodDef forward, String copy) {
        List<Expr> names = forward.parameters().stream()
                .map(parameter -> (Expr) new Expr.Name(parameter.name()))
                .toList();
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
        boolean byKeyword = false;
        for (int i = 1; i < values.size(); i++) {
            String parameter = forward.parameters().get(i).name();
            if (parameter.equals(MethodDef.KEYWORDS_FOLLOW)) {
                byKeyword = true;
            } else {
                arguments.add(new Arg(byKeyword ? Optional.of(parameter) : Optional.empty(), values.get(i)));
            }
        }
        Expr empty = new Expr.Call(
                new Expr.Name("annotate"),
                List.of(Arg.of(TappedCopy.DICT), Arg.of(new Expr.DictOf(List.of(), List.of()))));
        Expr run = new Expr.Call(new Expr.Attribute(values.get(0), copy), arguments);
        return new MethodDef(
                Span.NONE,
                List.of(),
                name,
                forward.parameters(),
                Optional.of(TappedCopy.DICT),
                List.of(TappedCopy.assign(taps, empty), TappedCopy.assign(output, run), TappedCopy.returned(taps)));
    }
}
