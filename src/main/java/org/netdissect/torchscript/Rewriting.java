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
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.netdissect.torchscript.InputContract.NumberType;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.Trees;

/**
 * Makes the methods that carry out a list of edits. Each method on a call path from the network's {@code forward} to an
 * edited module gets a copy with dictionaries of tensors as further parameters; copies are numbered, since a class
 * serves several paths. A copy whose result is not needed ends after its last edit, so nothing after the last tapped
 * layer is computed.
 */
final class Rewriting {
    private static final CallGraph.Method START = new CallGraph.Method("", CallGraph.FORWARD);

    private final CallGraph graph;
    private final Map<String, List<Edit>> edits;
    private final List<String> dictionaries;
    private final String prefix;
    private final Optional<LeakyCode> leaky;
    /** methods on a call path to an edited module */
    private final Set<CallGraph.Method> leading;
    /** methods that get copies: the leading ones, and those on a call path to a rectifier that becomes leaky */
    private final Set<CallGraph.Method> copied;
    /** names of all copies */
    private final Map<Copy, String> names = new LinkedHashMap<>();
    /** copies still to be written */
    private final Deque<Copy> open = new ArrayDeque<>();

    /** A method's copy; one that ends after its last edit returns nothing. */
    private record Copy(CallGraph.Method method, boolean ends) {}

    private Rewriting(
            CallGraph graph,
            Collection<? extends Edit> edits,
            List<String> dictionaries,
            String prefix,
            Optional<LeakyCode> leaky) {
        this.graph = graph;
        this.edits = edits.stream().collect(Collectors.groupingBy(Edit::layer));
        this.dictionaries = dictionaries;
        this.prefix = prefix;
        this.leaky = leaky;
        this.leading = leadingTo(method -> !edits(method).isEmpty());
        this.copied = leaky.map(code -> leadingTo(method -> leading.contains(method) || code.concerns(method)))
                .orElse(leading);
    }

    /**
     * Makes the new methods by class: entries for taps if there are any, and one for the network's output if there are
     * changes.
     *
     * @param type number type of the network's input
     * @param leaky rectifiers for a second set of taps; empty for none
     */
    static Map<ModuleClass, List<MethodDef>> methods(
            CallGraph graph, Rewrite rewrite, NumberType type, Optional<LeakyCode> leaky) {
        List<Edit> edits = rewrite.edits();
        List<Edit.Change> changes = edits.stream()
                .filter(Edit.Change.class::isInstance)
                .map(Edit.Change.class::cast)
                .toList();
        List<String> arguments =
                changes.stream().map(Edit.Change::argument).distinct().toList();
        Map<ModuleClass, List<MethodDef>> made = new LinkedHashMap<>();
        if (changes.size() < edits.size()) {
            List<String> dictionaries =
                    arguments.isEmpty() ? List.of(MethodCopy.TAPS) : List.of(MethodCopy.TAPS, MethodCopy.TENSORS);
            new Rewriting(graph, edits, dictionaries, "tapped_", Optional.empty())
                    .addTo(
                            made,
                            false,
                            (forward, copy) ->
                                    EntryMethods.tapped(forward, copy, arguments, type, rewrite.differentiable()));
            leaky.ifPresent(code -> new Rewriting(graph, edits, dictionaries, "leaky_", leaky)
                    .addTo(
                            made,
                            false,
                            (forward, copy) -> List.of(EntryMethods.leaky(forward, copy, arguments, type))));
        }
        if (!changes.isEmpty()) {
            new Rewriting(graph, changes, List.of(MethodCopy.TENSORS), "edited_", Optional.empty())
                    .addTo(made, true, (forward, copy) -> List.of(EntryMethods.edited(forward, copy, arguments, type)));
        }
        return made;
    }

    /** Makes the entry methods. */
    private interface Entries {
        List<MethodDef> of(MethodDef forward, String copy);
    }

    private void addTo(Map<ModuleClass, List<MethodDef>> made, boolean resultNeeded, Entries entries) {
        if (!leading.contains(START)) {
            return;
        }
        String first = name(START, resultNeeded);
        while (!open.isEmpty()) {
            Copy copy = open.remove();
            made.computeIfAbsent(graph.type(copy.method()), key -> new ArrayList<>())
                    .add(write(copy));
        }
        made.computeIfAbsent(graph.type(START), key -> new ArrayList<>())
                .addAll(entries.of(graph.code(START).definition(), first));
    }

    private MethodDef write(Copy copy) {
        CallGraph.Method method = copy.method();
        MethodCode code = graph.code(method);
        MethodCopy.Calls calls = new MethodCopy.Calls() {
            @Override
            public boolean leadsToEdit(Expr.Call call) {
                return callee(method, code, call).filter(leading::contains).isPresent();
            }

            @Override
            public Optional<String> copyCalled(Expr.Call call, boolean resultNeeded) {
                return callee(method, code, call).filter(copied::contains).map(callee -> name(callee, resultNeeded));
            }

            @Override
            public Expr firstTensor(Expr output, Expr type) {
                return new FirstTensor(graph.index()).find(output, type).orElseThrow();
            }

            @Override
            public Expr replaced(Expr changed) {
                return leaky.map(rectifiers -> rectifiers.leaky(code.definition(), changed))
                        .orElse(changed);
            }
        };
        MethodCopy made = new MethodCopy(code.definition(), edits(method), dictionaries, calls);
        String name = names.getOrDefault(copy, "");
        return copy.ends() ? made.ending(name) : made.named(name);
    }

    /** The edits of what a method returns. */
    private List<Edit> edits(CallGraph.Method method) {
        if (method.equals(START)) {
            return edits.getOrDefault(TorchScriptArchive.OUTPUT, List.of());
        }
        return CallGraph.isForward(method.name()) ? edits.getOrDefault(method.path(), List.of()) : List.of();
    }

    private Optional<CallGraph.Method> callee(CallGraph.Method caller, MethodCode code, Expr.Call call) {
        return code.site(call)
                .map(site -> new CallGraph.Method(
                        Place.join(caller.path(), site.module().path()), site.method()));
    }

    /** Name of the copy to call; a new copy is queued for writing. */
    private String name(CallGraph.Method method, boolean resultNeeded) {
        boolean ends = !resultNeeded
                && edits(method).isEmpty()
                && MethodCopy.canEnd(graph.code(method).definition());
        return names.computeIfAbsent(new Copy(method, ends), copy -> {
            open.add(copy);
            ModuleClass owner = graph.type(method);
            Set<String> taken = new HashSet<>(owner.methods().keySet());
            taken.addAll(owner.definition().attributes().keySet());
            return Trees.unused(prefix + names.size() + "_" + method.name(), taken);
        });
    }

    /** The methods of these kinds, and those on a call path to them. */
    private Set<CallGraph.Method> leadingTo(Predicate<CallGraph.Method> kind) {
        Map<CallGraph.Method, List<CallGraph.Method>> callers = new HashMap<>();
        graph.methods()
                .forEach(caller -> graph.callees(caller)
                        .forEach(callee -> callers.computeIfAbsent(callee, key -> new ArrayList<>())
                                .add(caller)));
        Set<CallGraph.Method> found = new HashSet<>();
        Deque<CallGraph.Method> waiting = new ArrayDeque<>();
        graph.methods().stream().filter(kind).forEach(waiting::add);
        while (!waiting.isEmpty()) {
            CallGraph.Method method = waiting.remove();
            if (found.add(method)) {
                waiting.addAll(callers.getOrDefault(method, List.of()));
            }
        }
        return found;
    }
}
