package org.netdissect.exported;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Spells arguments as TorchScript does. */
final class ArgumentText {
    /** Letters of modes, equations and the like; no quotes, no paths. */
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_,.> -]{0,200}");

    private static final String INDICES = "Optional[Tensor]";

    private final UnaryOperator<String> values;
    private final ComputedType types;

    /**
     * Spells arguments.
     *
     * @param values expressions of tensors and sizes by name
     */
    ArgumentText(UnaryOperator<String> values, ComputedType types) {
        this.values = values;
        this.types = types;
    }

    /** The argument; empty if TorchScript has none of this kind. */
    Optional<String> of(GraphArgument argument) {
        if (argument instanceof GraphArgument.TensorName tensor) {
            return Optional.of(values.apply(tensor.name()));
        } else if (argument instanceof GraphArgument.SizeName size) {
            return Optional.of(values.apply(size.name()));
        } else if (argument instanceof GraphArgument.Items list) {
            return items(list);
        } else if (argument instanceof GraphArgument.Text text) {
            return SAFE.matcher(text.value()).matches() ? Optional.of('"' + text.value() + '"') : Optional.empty();
        } else if (argument instanceof GraphArgument.TypeCode code) {
            return code.type().map(type -> Integer.toString(types.of(type).torchScript()));
        }
        return literal(argument);
    }

    private static Optional<String> literal(GraphArgument argument) {
        if (argument instanceof GraphArgument.None) {
            return Optional.of("None");
        } else if (argument instanceof GraphArgument.Whole whole) {
            return Optional.of(whole(whole.value()));
        } else if (argument instanceof GraphArgument.Real real) {
            return Optional.of(real(real.value()));
        } else if (argument instanceof GraphArgument.Flag flag) {
            return Optional.of(flag.value() ? "True" : "False");
        } else if (argument instanceof GraphArgument.FormatCode format) {
            return Optional.of(Integer.toString(format.code()));
        } else if (argument instanceof GraphArgument.Device) {
            return Optional.of("torch.device(\"cpu\")");
        }
        return Optional.empty();
    }

    /** A list for an operator that takes None in it, {@code annotate(List[Optional[Tensor]], [None, i])}. */
    Optional<String> indices(GraphArgument.Items list) {
        return items(new GraphArgument.Items(INDICES, list.items()));
    }

    private Optional<String> items(GraphArgument.Items list) {
        List<String> texts = new ArrayList<>();
        for (GraphArgument item : list.items()) {
            Optional<String> text = of(item);
            if (text.isEmpty()) {
                return text;
            }
            texts.add(text.get());
        }
        String text = "[" + String.join(", ", texts) + "]";
        boolean plain = !list.items().isEmpty() && !list.type().equals(INDICES);
        return Optional.of(plain ? text : "annotate(List[" + list.type() + "], " + text + ")");
    }

    /** The least number has no spelling, since its minus is an operator; as an end of a slice, the next one is as good. */
    private static String whole(long value) {
        return Long.toString(Math.max(value, -Long.MAX_VALUE));
    }

    static String real(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        } else if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        return Double.toString(value).toLowerCase(Locale.ROOT);
    }
}
