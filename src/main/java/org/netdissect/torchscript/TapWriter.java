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
 * serve several paths. Where nobody needs what a method returns, its copy ends after its last tap: nothing behind the
 * last layer is computed.
 */
final class TapWriter {
    private final CallGraph graph;
    private final InputContract.NumberType type;
    private final Set<String> tapped;
    private final Set<CallGraph.Method> leading;
    private final Map<Copy, String> names = new LinkedHashMap<>();
    private final Deque<Copy> open = new ArrayDeque<>();

    /** A method's copy; one that ends after its last tap returns nothing. */
    private record Copy(CallGraph.Method method, boolean ends) {}

    /** {@code type} is what the network takes. */
    TapWriter(CallGraph graph, Collection<String> layers, InputContract.NumberType type) {
        this.graph = graph;
        this.type = type;
        this.tapped = Set.copyOf(layers);
        this.leading = leadingToTaps();
    }

    /** The new methods by class. */
    Map<ModuleClass, List<MethodDef>> methods() {
        Map<ModuleClass, List<MethodDef>> made = new LinkedHashMap<>();
        CallGraph.Method start = new CallGraph.Method("", CallGraph.FORWARD);
        if (!leading.contains(start)) {
            return made;
        }
        String first = name(start, false);
        while (!open.isEmpty()) {
            Copy copy = open.remove();
            made.computeIfAbsent(graph.type(copy.method()), key -> new ArrayList<>())
                    .add(write(copy));
        }
        made.computeIfAbsent(graph.type(start), key -> new ArrayList<>())
                .addAll(EntryMethods.of(graph.code(start).definition(), first, type));
        return made;
    }

    private MethodDef write(Copy copy) {
        CallGraph.Method method = copy.method();
        MethodCode code = graph.code(method);
        Optional<String> layer = stores(method) ? Optional.of(method.path()) : Optional.empty();
        TappedCopy.Calls calls = new TappedCopy.Calls() {
            @Override
            public boolean leadsToTap(Expr.Call call) {
                return callee(method, code, call).isPresent();
            }

            @Override
            public Optional<String> copyCalled(Expr.Call call, boolean resultNeeded) {
                return callee(method, code, call).map(callee -> name(callee, resultNeeded));
            }
        };
        TappedCopy made = new TappedCopy(code.definition(), layer, calls);
        String name = names.getOrDefault(copy, "");
        return copy.ends() ? made.ending(name) : made.named(name);
    }

    private boolean stores(CallGraph.Method method) {
        return tapped.contains(method.path()) && CallGraph.isForward(method.name());
    }

    private Optional<CallGraph.Method> callee(CallGraph.Method caller, MethodCode code, Expr.Call call) {
        return code.site(call)
                .map(site -> new CallGraph.Method(
                        Place.join(caller.path(), site.module().path()), site.method()))
                .filter(leading::contains);
    }

    /** The name of the copy to call; it is written later if it was not yet. */
    private String name(CallGraph.Method method, boolean resultNeeded) {
        boolean ends = !resultNeeded
                && !stores(method)
                && TappedCopy.canEnd(graph.code(method).definition());
        return names.computeIfAbsent(new Copy(method, ends), copy -> {
            open.add(copy);
            ModuleClass owner = graph.type(method);
            Set<String> taken = new HashSet<>(owner.methods().keySet());
            taken.addAll(owner.definition().attributes().keySet());
            return Trees.unused("tapped_" + names.size() + "_" + method.name(), taken);
        });
    }

    private Set<CallGraph.Method> leadingToTaps() {
        Map<CallGraph.Method, List<CallGraph.Method>> callers = new HashMap<>();
        graph.methods()
                .forEach(caller -> graph.callees(caller)
                        .forEach(callee -> callers.computeIfAbsent(callee, key -> new ArrayList<>())
                                .add(caller)));
        Set<CallGraph.Method> found = new HashSet<>();
        Deque<CallGraph.Method> waiting = new ArrayDeque<>();
        graph.methods().stream().filter(this::stores).forEach(waiting::add);
        while (!waiting.isEmpty()) {
            CallGraph.Method method = waiting.remove();
            if (found.add(method)) {
                waiting.addAll(callers.getOrDefault(method, List.of()));
            }
        }
        return found;
    }
}
