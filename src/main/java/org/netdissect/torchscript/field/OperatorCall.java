package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A call of a PyTorch operator.
 *
 * @param written the operator as in the code, without {@code torch.}
 * @param name without {@code torch.} and without the underscore of in-place operators
 * @param args by place
 * @param keywords by name
 * @param where path of the module whose code contains the call
 * @param doubts number of undecided conditions around the call
 */
record OperatorCall(
        String written, String name, List<Value> args, Map<String, Value> keywords, String where, int doubts) {

    /** Name of the operator and its module, for messages. */
    String title() {
        return (written.startsWith("ops.") ? "" : "torch.") + written + (where.isEmpty() ? "" : " in " + where);
    }

    Stream<Value> values() {
        return Stream.concat(args.stream(), keywords.values().stream());
    }

    boolean dependsOnImage() {
        return values().anyMatch(Value::dependsOnImage);
    }

    Value.Items items(List<Value> values) {
        return new Value.Items(values, doubts);
    }

    /** A tensor of this layout; if fields were lost without a reason, the operator becomes the reason. */
    Value result(Layout layout) {
        return Value.of(layout.withReason(title() + ": windows that no rows or columns run along"), where);
    }

    /** Argument by position; empty if omitted or None. */
    Optional<Value> arg(int place) {
        return place < args.size() && !(args.get(place) instanceof Value.None)
                ? Optional.of(args.get(place))
                : Optional.empty();
    }

    /** Argument by position or keyword. */
    Optional<Value> arg(int place, String keyword) {
        return arg(place).or(() -> Optional.ofNullable(keywords.get(keyword)));
    }

    Layout layout(int place) {
        return arg(place)
                .flatMap(OperatorCall::layout)
                .orElseThrow(() -> new Unfollowed("its argument " + (place + 1)));
    }

    static Optional<Layout> layout(Value value) {
        if (value instanceof Value.Tensor tensor) {
            return tensor.state().layout();
        }
        return value instanceof Value.Plain ? Optional.of(Layout.SCALAR) : Optional.empty();
    }

    long integer(int place) {
        return arg(place).flatMap(value -> value.as(Long.class)).orElseThrow(() -> unknown(place));
    }

    long integer(int place, long otherwise) {
        return arg(place).isEmpty() ? otherwise : integer(place);
    }

    boolean flag(int place) {
        return arg(place).isPresent()
                && arg(place).flatMap(value -> value.as(Boolean.class)).orElseThrow(() -> unknown(place));
    }

    /** Argument as a list of numbers; a single number is a list of one. Empty if omitted. */
    List<Long> integers(int place) {
        return arg(place).map(value -> numbers(value, place)).orElse(List.of());
    }

    /** Like {@link #integers}, repeated to {@code count}; {@code otherwise} if omitted or empty. */
    List<Long> integers(int place, int count, List<Long> otherwise) {
        List<Long> numbers = integers(place);
        if (numbers.isEmpty()) {
            return otherwise;
        } else if (numbers.size() == 1) {
            return Collections.nCopies(count, numbers.get(0));
        } else if (numbers.size() != count) {
            throw unknown(place);
        }
        return numbers;
    }

    private static List<Long> numbers(Value value, int place) {
        List<Value> items = value instanceof Value.Items list ? list.list() : List.of(value);
        List<Long> numbers = new ArrayList<>();
        for (Value item : items) {
            numbers.add(item.as(Long.class).orElseThrow(() -> unknown(place)));
        }
        return numbers;
    }

    private static Unfollowed unknown(int place) {
        return new Unfollowed("its argument " + (place + 1) + ", which only the run decides");
    }
}
