package org.netdissect.torchscript;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the methods that carry the taps. Each method on a call path from the network's {@code forward} to a tapped
 * module gets a copy that takes the dictionary as a second parameter; the copies' names are numbered, since classes
 * serve several paths.
 */
final class TapWriter {
    private final CallGraph graph;
    private final Set<String> tapped;
    private final Map<CallGraph.Method, String> copies = new LinkedHashMap<>();

    TapWriter(CallGraph graph, Collection<String> layers) {
        this.graph = graph;
        this.tapped = Set.copyOf(layers);
        nameCopies(leadingToTaps());
    }

    /** The new methods by class. */
    Map<ModuleClass, List<MethodDef>> methods() {
        Map<ModuleClass, List<MethodDef>> made = new LinkedHashMap<>();
        copies.forEach((method, name) -> {
            ModuleClass type = graph.type(method);
            MethodCode code = graph.code(method);
            boolean tap = tapped.contains(method.path()) && CallGraph.isForward(method.name());
            Optional<String> layer = tap ? Optional.of(method.path()) : Optional.empty();
            MethodDef copy =
                    new TappedCopy(code.definition(), layer, call -> copyCalled(method, code, call)).named(name);
            made.computeIfAbsent(type, key -> new ArrayList<>()).add(copy);
        });
        CallGraph.Method start = new CallGraph.Method("", CallGraph.FORWARD);
        String copy = copies.get(start);
        if (copy != null) {
            MethodDef entry = TappedCopy.entry(graph.code(start).definition(), copy);
            made.computeIfAbsent(graph.type(start), key -> new ArrayList<>()).add(entry);
        }
        return made;
    }

    private Optional<String> copyCalled(CallGraph.Method caller, MethodCode code, Expr.Call call) {
        return code.site(call)
                .map(site -> new CallGraph.Method(
                        Place.join(caller.path(), site.module().path()), site.method()))
                .map(copies::get);
    }

    private Set<CallGraph.Method> leadingToTaps() {
        Map<CallGraph.Method, List<CallGraph.Method>> callers = new HashMap<>();
        graph.methods()
                .forEach(caller -> graph.callees(caller)
                        .forEach(callee -> callers.computeIfAbsent(callee, key -> new ArrayList<>())
                                .add(caller)));
        Set<CallGraph.Method> found = new HashSet<>();
        Deque<CallGraph.Method> open = new ArrayDeque<>();
        graph.methods().stream()
                .filter(method -> tapped.contains(method.path()) && CallGraph.isForward(method.name()))
                .forEach(open::add);
        while (!open.isEmpty()) {
            CallGraph.Method method = open.remove();
            if (found.add(method)) {
                open.addAll(callers.getOrDefault(method, List.of()));
            }
        }
        return found;
    }

    private void nameCopies(Set<CallGraph.Method> wanted) {
        for (CallGraph.Method method : graph.methods()) {
            if (wanted.contains(method)) {
                ModuleClass type = graph.type(method);
                Set<String> taken = new HashSet<>(type.methods().keySet());
                taken.addAll(type.definition().attributes().keySet());
                copies.put(method, Trees.unused("tapped_" + copies.size() + "_" + method.name(), taken));
            }
        }
    }
}
