package org.netdissect.torchscript.field;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Effects of PyTorch's operators on layouts and receptive fields. */
final class Operators {
    /** Greatest length of a list that is followed. */
    static final int MOST_ITEMS = 10_000;

    /** Effect of one operator; throws {@link Unfollowed} if unknown. */
    interface Operator {
        Value apply(OperatorCall call);
    }

    /** Elementwise operators: each value depends on the same position of the arguments. */
    private static final List<String> ELEMENTWISE = List.of(
            "relu",
            "relu6",
            "leaky_relu",
            "elu",
            "selu",
            "celu",
            "gelu",
            "silu",
            "mish",
            "hardswish",
            "hardsigmoid",
            "hardtanh",
            "hardshrink",
            "softshrink",
            "tanhshrink",
            "sigmoid",
            "log_sigmoid",
            "logsigmoid",
            "tanh",
            "softplus",
            "softsign",
            "threshold",
            "rrelu",
            "erf",
            "exp",
            "expm1",
            "log",
            "log1p",
            "sqrt",
            "rsqrt",
            "abs",
            "neg",
            "sign",
            "square",
            "reciprocal",
            "pow",
            "sin",
            "cos",
            "round",
            "floor",
            "ceil",
            "clamp",
            "clamp_min",
            "clamp_max",
            "clip",
            "minimum",
            "maximum",
            "add",
            "sub",
            "rsub",
            "mul",
            "div",
            "true_divide",
            "floor_divide",
            "remainder",
            "fmod",
            "addcmul",
            "addcdiv",
            "lerp",
            "where",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "logical_and",
            "logical_or",
            "logical_not",
            "masked_fill",
            "expand_as",
            "bitwise_and",
            "bitwise_or",
            "bitwise_not",
            "hypot",
            "atan2",
            "isnan",
            "isinf",
            "nan_to_num",
            "copy",
            "fill",
            "zero");

    /** Operators that keep the layout of their first argument; further arguments are settings or values per channel. */
    private static final List<String> KEEPS_FIRST = List.of(
            "dropout",
            "dropout2d",
            "feature_dropout",
            "alpha_dropout",
            "feature_alpha_dropout",
            "prelu",
            "to",
            "contiguous",
            "clone",
            "detach",
            "alias",
            "type_as",
            "bfloat16",
            "_to_copy",
            "float",
            "half",
            "double",
            "cpu",
            "cuda",
            "dequantize",
            "requires_grad",
            "ops.prim.data",
            "bernoulli",
            "empty_like",
            "zeros_like",
            "ones_like",
            "full_like",
            "randn_like",
            "rand_like");

    private static final Map<String, Operator> TABLE = table();

    private Operators() {}

    private static Map<String, Operator> table() {
        Map<String, Operator> table = new HashMap<>();
        ELEMENTWISE.forEach(name -> table.put(
                name, call -> call.result(Joins.elementwise(call, call.values().toList()))));
        KEEPS_FIRST.forEach(name -> table.put(name, call -> call.result(call.layout(0))));
        WindowOperators.addTo(table);
        ShapeOperators.addTo(table);
        List.of("mean", "sum", "amax", "amin", "std", "var", "norm", "logsumexp", "prod", "any", "all")
                .forEach(name -> table.put(name, call -> call.result(reduced(call))));
        List.of("max", "min").forEach(name -> table.put(name, Operators::greatest));
        List.of("softmax", "log_softmax").forEach(name -> table.put(name, Operators::softmax));
        table.put("glu", call -> call.result(call.layout(0).with(call.integer(1, -1), dim -> dim.half())));
        table.put(
                "batch_norm", call -> call.result(call.flag(5) ? call.layout(0).overWholeImage() : call.layout(0)));
        table.put("instance_norm", call -> call.result(call.layout(0).overWholeImage()));
        table.put("group_norm", call -> call.result(call.layout(0).overWholeImage()));
        table.put("layer_norm", Operators::layerNorm);
        table.put("rms_norm", Operators::layerNorm);
        List.of("new_zeros", "new_ones", "new_full", "new_empty")
                .forEach(name -> table.put(name, Operators::constantOfShape));
        ProductOperators.addTo(table);
        return table;
    }

    /** Result of a call. Never throws {@link Unfollowed}: the value holds the reason. */
    static Value apply(OperatorCall call) {
        String written = call.written();
        boolean inPlace = written.endsWith("_") && !written.endsWith("__");
        Optional<Value> lost = call.values()
                .flatMap(value -> value.lostReason().stream())
                .findFirst()
                .map(Value::lost);
        Value result;
        if (lost.isPresent()) {
            result = lost.get();
        } else {
            result = follow(call);
        }
        if (inPlace && call.args().size() > 0 && call.args().get(0) instanceof Value.Tensor changed) {
            changed.become(result instanceof Value.Tensor tensor ? tensor.state() : Value.State.lost(written));
            return changed;
        }
        return result;
    }

    private static Value follow(OperatorCall call) {
        Operator operator = TABLE.get(call.name());
        String name = call.title();
        if (operator == null) {
            return call.dependsOnImage() ? Value.lost("unknown operator " + name) : Value.unknown();
        }
        try {
            return operator.apply(call);
        } catch (Unfollowed | ArithmeticException e) {
            return call.dependsOnImage() ? Value.lost(name + ": " + e.getMessage()) : Value.unknown();
        }
    }

    /** Whether an operator is known, and so leaves lists and dictionaries among its arguments unchanged. */
    static boolean isKnown(String name) {
        return TABLE.containsKey(name);
    }

    /** Arguments: input, dimensions (all if omitted), whether they stay with length 1. */
    private static Layout reduced(OperatorCall call) {
        Layout layout = call.layout(0);
        boolean dims = call.arg(1).isPresent()
                && !(call.arg(1).get() instanceof Value.Items items
                        && items.list().isEmpty());
        List<Integer> positions = dims
                ? call.integers(1).stream().map(layout::position).toList()
                : IntStream.range(0, layout.rank()).boxed().toList();
        return layout.reduced(positions, call.flag(2));
    }

    /** max and min: elementwise, over one dimension with indices, or over all dimensions. */
    private static Value greatest(OperatorCall call) {
        if (call.arg(1).filter(other -> other instanceof Value.Tensor).isPresent()) {
            return call.result(Joins.elementwise(call, call.args()));
        }
        Value values = call.result(reduced(call));
        return call.arg(1).isEmpty() ? values : call.items(List.of(values, Value.lost("where a maximum lies")));
    }

    private static Value softmax(OperatorCall call) {
        Layout layout = call.layout(0);
        return call.result(layout.summedOver(List.of(layout.dim(call.integer(1)))));
    }

    /** Arguments: input, lengths of the last dimensions, which are normalised */
    private static Value layerNorm(OperatorCall call) {
        Layout layout = call.layout(0);
        int last = call.integers(1).size();
        List<Dim> normalised = IntStream.rangeClosed(1, last)
                .mapToObj(back -> layout.dim(-back))
                .toList();
        return call.result(layout.summedOver(normalised));
    }

    /** A constant of the shape that is the second argument. */
    private static Value constantOfShape(OperatorCall call) {
        return call.result(Layout.constant(call.integers(1)));
    }
}
