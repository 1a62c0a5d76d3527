package org.netdissect.exported;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A call of an operator.
 *
 * @param target such as {@code torch.ops.aten.conv2d.default}
 * @param outputs names of what it gives
 * @param modules around it, the outermost first; empty if unknown
 */
record GraphNode(String target, List<Input> inputs, List<GraphArgument> outputs, List<Frame> modules) {
    private static final String STACK = "nn_module_stack";
    private static final int BY_KEYWORD = 2;

    /**
     * An argument.
     *
     * @param name in the operator's signature
     * @param byKeyword whether it is passed by keyword; empty in older archives, which do not tell
     */
    record Input(String name, GraphArgument value, Optional<Boolean> byKeyword) {}

    /**
     * A module's call around a node.
     *
     * @param key tells calls apart
     * @param path dotted name; empty for the network
     * @param type qualified class
     */
    record Frame(String key, String path, String type) {}

    static GraphNode read(JsonPart part, ModuleStacks stacks) {
        List<Input> inputs = new ArrayList<>();
        for (JsonPart input : part.at("inputs").items()) {
            inputs.add(new Input(
                    input.at("name").text(),
                    ArgumentReader.read(input.at("arg")),
                    input.find("kind").map(kind -> kind.whole() == BY_KEYWORD)));
        }
        List<GraphArgument> outputs =
                part.at("outputs").items().stream().map(ArgumentReader::read).toList();
        List<Frame> modules = part.find("metadata")
                .flatMap(metadata -> metadata.find(STACK))
                .map(stacks::read)
                .orElse(List.of());
        return new GraphNode(part.at("target").text(), List.copyOf(inputs), outputs, modules);
    }

    /** An argument; empty if left out or None. */
    Optional<GraphArgument> input(String name) {
        return inputs.stream()
                .filter(input -> input.name().equals(name))
                .map(Input::value)
                .filter(value -> !(value instanceof GraphArgument.None))
                .findFirst();
    }

    /** Names of tensors and sizes that it takes. */
    Stream<String> uses() {
        return inputs.stream().flatMap(input -> input.value().names());
    }

    /** Names of tensors that it gives. */
    Stream<String> tensors() {
        return outputs.stream().flatMap(GraphArgument::tensors);
    }
}
