package org.netdissect.exported;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Finds where in a graph modules run, and what they give: the tensor that is made inside and used outside. A module
 * with none or several of them has no output that could be told.
 */
final class ModuleCalls {
    private final ProgramGraph graph;
    private final InPlace inPlace;
    private final Map<String, Integer> lastUses;
    private final Map<String, Integer> lastUsesOfTensors = new HashMap<>();
    private final List<ModuleCall> calls;
    private final Map<String, String> obstacles = new LinkedHashMap<>();
    private final Map<Integer, List<Output>> ending = new HashMap<>();

    /**
     * What a call gives.
     *
     * @param value its name in the graph
     */
    record Output(ModuleCall call, String value) {}

    ModuleCalls(ProgramGraph graph, InPlace inPlace) {
        this.graph = graph;
        this.inPlace = inPlace;
        this.lastUses = graph.lastUses();
        lastUses.forEach((name, at) -> lastUsesOfTensors.merge(inPlace.tensor(name), at, Math::max));
        this.calls = found();
        List<Output> outputs = new ArrayList<>();
        calls.forEach(call -> output(call).ifPresent(value -> outputs.add(new Output(call, value))));
        outputs.stream()
                .filter(output -> !obstacles.containsKey(output.call().path()))
                .forEach(output -> ending.computeIfAbsent(output.call().last(), at -> new ArrayList<>())
                        .add(output));
    }

    /** All runs of modules, inner ones before those around them. */
    List<ModuleCall> calls() {
        return calls;
    }

    /** Outputs of the modules whose last node this is, inner modules first. */
    List<Output> endingAt(int node) {
        return ending.getOrDefault(node, List.of());
    }

    /** Why modules cannot be tapped, by path. */
    Map<String, String> obstacles() {
        return obstacles;
    }

    private List<ModuleCall> found() {
        record Open(GraphNode.Frame frame, int first) {}
        List<ModuleCall> found = new ArrayList<>();
        List<Open> open = new ArrayList<>();
        int last = -1;
        for (int i = 0; i <= graph.nodes().size(); i++) {
            boolean end = i == graph.nodes().size();
            List<GraphNode.Frame> frames =
                    end ? List.of() : graph.nodes().get(i).modules();
            // nodes without modules lie in those that the nodes around them share
            if (!end && frames.isEmpty()) {
                continue;
            }
            int shared = 0;
            while (shared < Math.min(open.size(), frames.size())
                    && open.get(shared).frame().equals(frames.get(shared))) {
                shared++;
            }
            for (int depth = open.size() - 1; depth >= shared; depth--) {
                Open ended = open.remove(depth);
                if (!ended.frame().path().isEmpty()) {
                    found.add(new ModuleCall(ended.frame().path(), ended.frame().type(), ended.first(), last));
                }
            }
            for (GraphNode.Frame frame : frames.subList(shared, frames.size())) {
                open.add(new Open(frame, i));
            }
            last = i;
        }
        return found;
    }

    private Optional<String> output(ModuleCall call) {
        Map<String, String> given = given(call, lastUses, name -> name);
        if (given.isEmpty()) {
            // a change in place may be used by the name that the tensor had before
            given = given(call, lastUsesOfTensors, inPlace::tensor);
        }
        if (given.size() == 1) {
            return given.values().stream().findFirst();
        }
        String names = given.values().stream().limit(3).map(Shown::of).collect(Collectors.joining(", "));
        obstacles.put(
                call.path(),
                given.isEmpty() ? "gives no tensor that the network uses" : "gives several tensors: " + names);
        return Optional.empty();
    }

    /**
     * Tensors made in a call and used behind it, under their latest names. Names of one tensor, which operators change in
     * place, count once.
     *
     * @param uses positions of last uses by key
     */
    private Map<String, String> given(ModuleCall call, Map<String, Integer> uses, UnaryOperator<String> key) {
        Map<String, String> given = new LinkedHashMap<>();
        for (GraphNode node : graph.nodes().subList(call.first(), call.last() + 1)) {
            node.tensors()
                    .filter(name -> uses.getOrDefault(key.apply(name), -1) > call.last())
                    .forEach(name -> given.put(inPlace.tensor(name), name));
        }
        return given;
    }
}
