package org.netdissect.exported;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.torchscript.assembly.TensorSlot;

/**
 * Writes a graph as modules: the network's {@code forward} has a line for each operator, and passes each module's
 * output through that module, which returns it. So modules have names, and their outputs are seen and changed there.
 */
final class NetworkWriter {
    /** As many letters as a TorchScript archive may have. */
    private static final int MAX_CODE = 16 << 20;

    private final ProgramGraph graph;
    private final InPlace inPlace;
    private final ModuleCalls calls;
    private final Map<String, Integer> lastUses;
    private final OperatorText operators;
    private final BiFunction<String, ProgramGraph.Weight, TensorSlot> slots;
    private final ModuleOutline outline;
    /** expressions by name */
    private final Map<String, String> values = new HashMap<>();
    /** dotted names in the graph's file by those in the network */
    private final Map<String, String> tensors = new LinkedHashMap<>();

    private final List<String> code = new ArrayList<>();
    private int variables;
    private int letters;

    private NetworkWriter(
            ProgramGraph graph, ComputedType types, BiFunction<String, ProgramGraph.Weight, TensorSlot> slots) {
        this.graph = graph;
        this.slots = slots;
        this.inPlace = new InPlace(graph);
        this.calls = new ModuleCalls(graph, inPlace);
        this.lastUses = graph.lastUses();
        this.operators = new OperatorText(graph.file(), new ArgumentText(this::value, types));
        this.outline = ModuleOutline.of(graph.file());
    }

    /**
     * A network's modules.
     *
     * @param tensors names of its tensors in the archive by their names in the modules
     * @param obstacles reasons why modules cannot be tapped, by path
     */
    record Written(ModuleSpec network, Map<String, String> tensors, Map<String, String> obstacles) {}

    /**
     * Writes a graph.
     *
     * @param slots type and sizes of a weight, which has a name in the graph
     * @throws InputException if an operator cannot be run here, or the network was exported in training mode
     */
    static Written write(
            ProgramGraph graph, ComputedType types, BiFunction<String, ProgramGraph.Weight, TensorSlot> slots) {
        return new NetworkWriter(graph, types, slots).written();
    }

    private Written written() {
        declareModules();
        declareTensors();
        values.put(graph.image(), ModuleBuilder.INPUT);
        for (int i = 0; i < graph.nodes().size(); i++) {
            node(graph.nodes().get(i));
            for (ModuleCalls.Output output : calls.endingAt(i)) {
                String module = ModulePath.expression(attributes(output.call().path()));
                set(output.value(), assigned("(" + module + ").forward(" + value(output.value()) + ", )"));
            }
        }
        line("return " + value(graph.output()));
        return new Written(outline.spec(code), tensors, calls.obstacles());
    }

    private List<String> attributes(String dotted) {
        return ModulePath.attributes(graph.file(), dotted);
    }

    private void declareModules() {
        graph.nodes().stream()
                .flatMap(node -> node.modules().stream())
                .filter(frame -> frame.path().isEmpty())
                .findFirst()
                .ifPresent(frame -> outline.type(frame.type()));
        Map<List<String>, String> named = new HashMap<>();
        calls.calls().stream()
                .sorted(Comparator.comparingInt(ModuleCall::first)
                        .thenComparing(call -> call.path().length()))
                .forEach(call -> {
                    List<String> path = attributes(call.path());
                    if (!named.computeIfAbsent(path, key -> call.path()).equals(call.path())) {
                        throw new InputException(graph.file() + ": its modules " + Shown.of(call.path()) + " and "
                                + Shown.of(named.getOrDefault(path, "")) + " would have one name");
                    }
                    outline.at(path).type(call.type());
                });
    }

    private void declareTensors() {
        graph.usedWeights().forEach((name, weight) -> {
            List<String> path = attributes(weight.name());
            List<String> owner = path.subList(0, path.size() - 1);
            String attribute = outline.at(owner).tensor(path.get(path.size() - 1), slots.apply(name, weight));
            List<String> whole = new ArrayList<>(owner);
            whole.add(attribute);
            values.put(name, ModulePath.expression(whole));
            tensors.put(String.join(".", whole), weight.name());
        });
    }

    private void node(GraphNode node) {
        OperatorName operator = OperatorName.of(node.target());
        List<String> used = node.outputs().stream()
                .flatMap(GraphArgument::names)
                .filter(lastUses::containsKey)
                .toList();
        if (isCheck(operator.name()) && used.isEmpty()) {
            return;
        }
        List<GraphArgument> outputs = node.outputs();
        if (outputs.isEmpty()) {
            throw new InputException(
                    graph.file() + ": its graph calls " + Shown.of(node.target()) + ", which gives nothing");
        }
        boolean firstOnly =
                outputs.stream().skip(1).flatMap(GraphArgument::names).noneMatch(lastUses::containsKey);
        boolean respelled = firstOnly && OperatorSpelling.of(operator, true).isPresent();
        String call = operators.call(node, firstOnly);
        if (outputs.size() == 1 || respelled) {
            String result = assigned(call);
            if (outputs.get(0) instanceof GraphArgument.Items list) {
                parts(list, result);
            } else {
                outputs.get(0).names().forEach(name -> set(name, result));
            }
            return;
        }
        List<String> results = outputs.stream().map(output -> newVariable()).toList();
        line(String.join(", ", results) + " = " + call);
        for (int i = 0; i < results.size(); i++) {
            String result = results.get(i);
            outputs.get(i).names().forEach(name -> set(name, result));
        }
    }

    private void parts(GraphArgument.Items list, String result) {
        for (int i = 0; i < list.items().size(); i++) {
            String part = result + "[" + i + "]";
            list.items().get(i).names().filter(lastUses::containsKey).forEach(name -> set(name, assigned(part)));
        }
    }

    /** Whether an operator checks values only. */
    private static boolean isCheck(String operator) {
        return operator.startsWith("_assert_") || operator.startsWith("sym_constrain_range");
    }

    private String assigned(String expression) {
        String variable = newVariable();
        line(variable + " = " + expression);
        return variable;
    }

    private String newVariable() {
        return "v" + variables++;
    }

    private void line(String statement) {
        letters += statement.length();
        if (letters > MAX_CODE) {
            throw new InputException(
                    graph.file() + ": its graph would be more than " + (MAX_CODE >> 20) + " MiB of code");
        }
        code.add(statement);
    }

    private void set(String name, String variable) {
        values.put(inPlace.tensor(name), variable);
    }

    private String value(String name) {
        String value = values.get(inPlace.tensor(name));
        if (value == null) {
            throw new InputException(graph.file() + ": its graph uses " + Shown.of(name) + ", which nothing gives");
        }
        return value;
    }
}
