package org.netdissect.exported;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An argument or output of an operator. */
sealed interface GraphArgument {
    record None() implements GraphArgument {}

    /** A tensor by its name in the graph. */
    record TensorName(String name) implements GraphArgument {}

    /** A number, or whether, by its name in the graph: computed from sizes. */
    record SizeName(String name) implements GraphArgument {}

    record Whole(long value) implements GraphArgument {}

    record Real(double value) implements GraphArgument {}

    record Flag(boolean value) implements GraphArgument {}

    record Text(String value) implements GraphArgument {}

    /** A number type; empty if none that can be computed with. */
    record TypeCode(Optional<ScalarType> type) implements GraphArgument {}

    /** A memory format, as TorchScript numbers them (c10/core/MemoryFormat.h). */
    record FormatCode(int code) implements GraphArgument {}

    /** A layout; {@code strided} is that of usual tensors. */
    record LayoutCode(boolean strided) implements GraphArgument {}

    /** A device; all are those of the run. */
    record Device() implements GraphArgument {}

    /**
     * A list.
     *
     * @param type of its items in TorchScript, such as {@code int}
     */
    record Items(String type, List<GraphArgument> items) implements GraphArgument {}

    /** A value of a kind that TorchScript has not, such as {@code as_graph}. */
    record Foreign(String kind) implements GraphArgument {}

    /** Names of tensors and sizes in it. */
    default Stream<String> names() {
        if (this instanceof TensorName tensor) {
            return Stream.of(tensor.name());
        } else if (this instanceof SizeName size) {
            return Stream.of(size.name());
        } else if (this instanceof Items list) {
            return list.items().stream().flatMap(GraphArgument::names);
        }
        return Stream.empty();
    }

    /** Names of tensors in it. */
    default Stream<String> tensors() {
        if (this instanceof TensorName tensor) {
            return Stream.of(tensor.name());
        } else if (this instanceof Items list) {
            return list.items().stream().flatMap(GraphArgument::tensors);
        }
        return Stream.empty();
    }
}
