package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.Printer;
import org.netdissect.torchscript.syntax.Stmt;
import org.netdissect.torchscript.syntax.Trees;

/** Builds the module tree and decides for each module whether it can be tapped. */
final class ModuleTree {
    /** Bound far above any network, since a class may contain itself. */
    private static final int MAX_DEPTH = 100;

    private static final int MAX_MODULES = 100_000;
    private static final int SUGGESTIONS = 3;

    private final ClassIndex index;
    private final CallGraph graph;
    private final Map<String, List<CallGraph.Method>> forwards = new HashMap<>();
    private int modules;

    private ModuleTree(ClassIndex index, CallGraph graph) {
        this.index = index;
        this.graph = graph;
        graph.methods().stream()
                .filter(method -> CallGraph.isForward(method.name()))
                .forEach(method -> forwards.computeIfAbsent(method.path(), path -> new ArrayList<>())
                        .add(method));
    }

    static ModuleNode of(ClassIndex index, CallGraph graph, ModuleClass root) {
        return new ModuleTree(index, graph).node(new Place("", root), 0);
    }

    private ModuleNode node(Place place, int depth) {
        if (depth > MAX_DEPTH || ++modules > MAX_MODULES) {
            throw new InputException(place.type().name() + ": more than " + MAX_MODULES + " modules or " + MAX_DEPTH
                    + " levels of them");
        }
        List<ModuleNode> children = new ArrayList<>();
        index.submodules(place.type())
                .forEach((attribute, type) ->
                        children.add(node(new Place(Place.join(place.path(), attribute), type), depth + 1)));
        Optional<String> returnType = Optional.ofNullable(place.type().methods().get(CallGraph.FORWARD))
                .map(ModuleTree::returnType);
        List<CallGraph.Method> called = forwards.getOrDefault(place.path(), List.of());
        int uses = (int) Math.min(
                Integer.MAX_VALUE, called.stream().mapToLong(graph::uses).sum());
        Optional<String> obstacle =
                called.isEmpty() ? Optional.of(whyNotCalled(place, children)) : wrongType(place.type(), called);
        return new ModuleNode(place.path(), place.type().name(), children, returnType, uses, obstacle);
    }

    private static String returnType(MethodDef method) {
        return method.returns().map(Printer::print).orElse("an unknown type");
    }

    private static Optional<String> wrongType(ModuleClass type, List<CallGraph.Method> called) {
        List<MethodDef> methods = called.stream()
                .flatMap(method -> Optional.ofNullable(type.methods().get(method.name())).stream())
                .toList();
        if (methods.stream().anyMatch(ModuleTree::returnsNothing)) {
            return Optional.of("is damaged: a return in its forward gives nothing");
        }
        return methods.stream()
                .map(ModuleTree::returnType)
                .filter(returned -> !returned.equals("Tensor"))
                .findFirst()
                .map(ModuleTree::wrongType);
    }

    private static boolean returnsNothing(MethodDef method) {
        return returnType(method).equals("Tensor")
                && method.body().stream()
                        .flatMap(Trees::statements)
                        .anyMatch(stmt -> stmt instanceof Stmt.Simple simple
                                && simple.isReturn()
                                && simple.operands().isEmpty());
    }

    /** Explains the wrong type; traced layers that return their input unchanged, such as dropout, have no result. */
    private static String wrongType(String returned) {
        return returned.equals("None") || returned.equals("NoneType")
                ? "gives nothing: it was traced as passing its input on; choose the layer before it"
                : "returns " + returned + ", not a Tensor";
    }

    private String whyNotCalled(Place place, List<ModuleNode> children) {
        if (place.type().isInterface()) {
            return "is known by the interface " + place.type().name() + " only, so its calls cannot be followed";
        } else if (within(graph.handedOn(), place.path())) {
            return "is handed on as an argument, where its calls cannot be followed";
        } else if (within(graph.forked(), place.path())) {
            return "is called in a forked function only, where its output cannot be stored";
        } else if (children.isEmpty()) {
            return "is never called by the network's forward";
        }
        Set<String> instead = new LinkedHashSet<>();
        children.forEach(child -> nearest(child, instead));
        if (instead.isEmpty()) {
            return "is a container whose forward is never called, nor is anything inside it that gives a Tensor";
        }
        return "is a container whose forward is never called; choose one of "
                + instead.stream().limit(SUGGESTIONS).collect(Collectors.joining(", "))
                + (instead.size() > SUGGESTIONS ? ", ..." : "");
    }

    private static void nearest(ModuleNode node, Set<String> found) {
        if (node.tappable()) {
            found.add(node.name());
        } else {
            node.children().forEach(child -> nearest(child, found));
        }
    }

    /** Whether the paths contain this path or the path of a module around it. */
    private static boolean within(Set<String> paths, String path) {
        return paths.stream()
                .anyMatch(outer -> !outer.isEmpty() && (path.equals(outer) || path.startsWith(outer + ".")));
    }
}
