package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Operators on values other than tensors: arithmetic, shape queries, and lists. */
final class ScalarOperators {
    /** TorchScript's code of 32-bit floats (c10/core/ScalarType.h). */
    private static final long FLOAT = 6;

    private ScalarOperators() {}

    /** Result of the call; empty for any other operator. */
    static Optional<Value> apply(OperatorCall call) {
        List<Value> args = call.args();
        if (args.isEmpty()) {
            return Optional.empty();
        }
        Value first = args.get(0);
        return switch (call.name()) {
            case "size" -> Optional.of(size(call, first));
            case "dim" ->
                Optional.of(layout(first)
                        .map(layout -> Value.of((long) layout.rank()))
                        .orElseGet(Value::unknown));
            case "len" -> Optional.of(length(first));
            case "__is__", "__isnot__" -> Optional.of(identity(call, args));
            case "__not__" -> Optional.of(not(first));
            case "append" -> Optional.of(append(call, first));
            case "ops.prim.NumToTensor", "item", "ops.prim.unchecked_unwrap_optional", "_unwrap_optional" ->
                Optional.of(first);
            // attention checks these before its fast path; a network computes in one number type
            case "ops.prim.dtype" -> Optional.of(Value.of(FLOAT));
            case "is_floating_point" -> Optional.of(Value.of(true));
            case "ops.prim.is_nested" -> Optional.of(Value.of(false));
            case "ops.prim.device", "ops.prim.is_cuda", "ops.prim.requires_grad" -> Optional.of(Value.unknown());
            case "__getitem__" -> args.size() == 2 ? Optional.of(item(first, args.get(1))) : Optional.empty();
            default -> number(call, args);
        };
    }

    private static Optional<Layout> layout(Value value) {
        return value instanceof Value.Tensor tensor ? tensor.state().layout() : Optional.empty();
    }

    private static Value extent(Dim dim) {
        return dim.extent() == Dim.UNKNOWN ? Value.unknown() : Value.of(dim.extent());
    }

    private static Value size(OperatorCall call, Value tensor) {
        Optional<Layout> layout = layout(tensor);
        if (layout.isEmpty()) {
            return Value.unknown();
        } else if (call.args().size() == 1) {
            return call.items(
                    layout.get().dims().stream().map(ScalarOperators::extent).toList());
        }
        return call.args()
                .get(1)
                .as(Long.class)
                .filter(dim -> dim >= -layout.get().rank() && dim < layout.get().rank())
                .map(dim -> extent(layout.get().dim(dim)))
                .orElseGet(Value::unknown);
    }

    private static Value length(Value value) {
        if (value instanceof Value.Items items) {
            return Value.of((long) items.list().size());
        }
        return layout(value)
                .filter(layout -> layout.rank() > 0)
                .map(layout -> extent(layout.dim(0)))
                .orElseGet(Value::unknown);
    }

    private static Value identity(OperatorCall call, List<Value> args) {
        boolean bothKnown = args.size() == 2 && args.stream().noneMatch(ScalarOperators::maybeNone);
        if (!bothKnown) {
            return Value.unknown();
        }
        boolean same = args.get(0) instanceof Value.None == args.get(1) instanceof Value.None;
        return Value.of(same == call.name().equals("__is__"));
    }

    /** Whether a value may be None, as any unknown value may. */
    private static boolean maybeNone(Value value) {
        return value instanceof Value.Tensor tensor && tensor.state().layout().isEmpty();
    }

    static Value not(Value value) {
        return value.as(Boolean.class).map(truth -> Value.of(!truth)).orElseGet(Value::unknown);
    }

    /** Appends to a list; its items become unknown under an undecided condition. */
    private static Value append(OperatorCall call, Value list) {
        if (list instanceof Value.Items items && call.args().size() == 2) {
            Value added = call.args().get(1);
            boolean certain = call.doubts() == items.doubts()
                    && !(added instanceof Value.Items)
                    && items.list().size() < Operators.MOST_ITEMS;
            if (certain) {
                items.list().add(added);
            } else {
                spoil(list, "a list whose items only the run decides");
            }
        }
        return list;
    }

    /** Makes the contents of a value unknown. */
    static void spoil(Value value, String why) {
        if (value instanceof Value.Items items) {
            items.list().clear();
            items.list().add(Value.lost(why));
        } else if (value instanceof Value.Tensor tensor
                && tensor.state().layout().isEmpty()) {
            tensor.become(Value.State.lost(why));
        }
    }

    static Value item(Value value, Value index) {
        Optional<Long> number = index.as(Long.class);
        if (value instanceof Value.Items items && number.isPresent()) {
            long at = number.get() < 0 ? number.get() + items.list().size() : number.get();
            if (at >= 0 && at < items.list().size()) {
                return items.list().get((int) at);
            }
        }
        return value.dependsOnImage()
                ? Value.lost(value.lostReason().orElse("an item of a list that only the run decides"))
                : Value.unknown();
    }

    private static Optional<Value> number(OperatorCall call, List<Value> args) {
        if (args.size() > 2 || args.stream().anyMatch(Value::dependsOnImage)) {
            return Optional.empty();
        }
        List<Number> numbers = new ArrayList<>();
        args.forEach(arg -> arg.as(Number.class).ifPresent(numbers::add));
        if (numbers.size() == args.size()) {
            return args.size() == 1
                    ? unary(call.name(), numbers.get(0))
                    : binary(call.name(), numbers.get(0), numbers.get(1));
        }
        boolean plain = args.stream().allMatch(arg -> arg instanceof Value.Plain);
        return switch (plain ? call.name() : "") {
            case "eq" -> Optional.of(Value.of(args.get(0).equals(args.get(args.size() - 1))));
            case "ne" -> Optional.of(Value.of(!args.get(0).equals(args.get(args.size() - 1))));
            default -> Optional.empty();
        };
    }

    private static Optional<Value> unary(String name, Number a) {
        return switch (name) {
            case "neg" -> Optional.of(a instanceof Long whole ? Value.of(-whole) : Value.of(-a.doubleValue()));
            case "int", "Int", "floor", "ceil" -> Optional.of(Value.of(whole(name, a)));
            case "float", "Float" -> Optional.of(Value.of(a.doubleValue()));
            case "bool", "Bool" -> Optional.of(Value.of(a.doubleValue() != 0));
            default -> Optional.empty();
        };
    }

    private static long whole(String name, Number a) {
        double value = a.doubleValue();
        return a instanceof Long whole
                ? whole
                : (long) (name.equals("floor") ? Math.floor(value) : name.equals("ceil") ? Math.ceil(value) : value);
    }

    private static Optional<Value> binary(String name, Number a, Number b) {
        int order = a instanceof Long x && b instanceof Long y
                ? Long.compare(x, y)
                : Double.compare(a.doubleValue(), b.doubleValue());
        return switch (name) {
            case "eq" -> Optional.of(Value.of(order == 0));
            case "ne" -> Optional.of(Value.of(order != 0));
            case "lt" -> Optional.of(Value.of(order < 0));
            case "le" -> Optional.of(Value.of(order <= 0));
            case "gt" -> Optional.of(Value.of(order > 0));
            case "ge" -> Optional.of(Value.of(order >= 0));
            case "ops.prim.min" -> Optional.of(Value.of((Object) (order <= 0 ? a : b)));
            case "ops.prim.max" -> Optional.of(Value.of((Object) (order >= 0 ? a : b)));
            default ->
                a instanceof Long x && b instanceof Long y
                        ? arithmetic(name, x, y)
                        : arithmetic(name, a.doubleValue(), b.doubleValue());
        };
    }

    private static Optional<Value> arithmetic(String name, long a, long b) {
        return switch (name) {
            case "add" -> Optional.of(Value.of(a + b));
            case "sub" -> Optional.of(Value.of(a - b));
            case "rsub" -> Optional.of(Value.of(b - a));
            case "mul" -> Optional.of(Value.of(a * b));
            case "div" -> Optional.of(b == 0 ? Value.unknown() : Value.of((double) a / b));
            case "floordiv", "floor_divide" -> Optional.of(b == 0 ? Value.unknown() : Value.of(Math.floorDiv(a, b)));
            case "remainder" -> Optional.of(b == 0 ? Value.unknown() : Value.of(Math.floorMod(a, b)));
            default -> Optional.empty();
        };
    }

    private static Optional<Value> arithmetic(String name, double a, double b) {
        return switch (name) {
            case "add" -> Optional.of(Value.of(a + b));
            case "sub" -> Optional.of(Value.of(a - b));
            case "rsub" -> Optional.of(Value.of(b - a));
            case "mul" -> Optional.of(Value.of(a * b));
            case "div" -> Optional.of(Value.of(a / b));
            case "floordiv", "floor_divide" -> Optional.of(Value.of(Math.floor(a / b)));
            default -> Optional.empty();
        };
    }

    /** Result of {@code and} or {@code or} on two values. */
    static Value both(boolean and, Value a, Value b) {
        Optional<Boolean> first = a.as(Boolean.class);
        Optional<Boolean> second = b.as(Boolean.class);
        if (Objects.equals(first, Optional.of(!and)) || Objects.equals(second, Optional.of(!and))) {
            return Value.of(!and);
        }
        return first.isPresent() && second.isPresent() ? Value.of(and) : Value.unknown();
    }
}
