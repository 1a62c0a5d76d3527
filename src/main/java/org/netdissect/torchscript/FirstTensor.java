package org.netdissect.torchscript;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.netdissect.torchscript.syntax.ClassDef;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.Expr.Arg;

/** Finds the first tensor of a network's output: itself, or inside tuples, lists, dictionaries and optional values. */
final class FirstTensor {
    /** Bound of the nesting, since a damaged archive's class may contain itself. */
    private static final int DEEPEST = 8;

    private static final Expr FIRST = new Expr.Literal("0");

    private final ClassIndex index;

    FirstTensor(ClassIndex index) {
        this.index = index;
    }

    /**
     * The expression of the first tensor; empty if the type has none.
     *
     * @param value expression of the output
     * @param type its declared type
     */
    Optional<Expr> find(Expr value, Expr type) {
        return find(value, type, DEEPEST);
    }

    private Optional<Expr> find(Expr value, Expr type, int depth) {
        if (depth == 0) {
            return Optional.empty();
        }
        if (type.equals(MethodCopy.TENSOR)) {
            return Optional.of(value);
        } else if (type instanceof Expr.Subscript generic) {
            List<Expr> arguments =
                    generic.index() instanceof Expr.TupleOf tuple ? tuple.items() : List.of(generic.index());
            return arguments.isEmpty()
                    ? Optional.empty()
                    : generic(value, generic.value().dotted().orElse(""), arguments, depth - 1);
        }
        return type.dotted().flatMap(index::find).flatMap(named -> field(value, named.definition(), depth - 1));
    }

    private Optional<Expr> generic(Expr value, String type, List<Expr> arguments, int depth) {
        return switch (type) {
            case "Optional" -> find(MethodCopy.torch("_unwrap_optional", Arg.of(value)), arguments.get(0), depth);
            case "List" -> find(new Expr.Subscript(value, FIRST), arguments.get(0), depth);
            case "Dict" ->
                find(
                        new Expr.Subscript(MethodCopy.torch("values", Arg.of(value)), FIRST),
                        arguments.get(arguments.size() - 1),
                        depth);
            case "Tuple" ->
                first(IntStream.range(0, arguments.size())
                        .mapToObj(i -> find(
                                new Expr.Subscript(value, new Expr.Literal(Integer.toString(i))),
                                arguments.get(i),
                                depth)));
            default -> Optional.empty();
        };
    }

    private Optional<Expr> field(Expr value, ClassDef type, int depth) {
        return type.kind() != ClassDef.Kind.NAMED_TUPLE
                ? Optional.empty()
                : first(type.attributes().entrySet().stream()
                        .map(field -> find(new Expr.Attribute(value, field.getKey()), field.getValue(), depth)));
    }

    private static Optional<Expr> first(Stream<Optional<Expr>> candidates) {
        return candidates.flatMap(Optional::stream).findFirst();
    }
}
