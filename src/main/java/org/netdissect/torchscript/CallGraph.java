package org.netdissect.torchscript;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.MethodDef;

/** Calls between methods of modules, from the network's {@code forward} on. */
public final class CallGraph {
    public static final String FORWARD = "forward";

    /** Greatest number of methods; classes that each contain the next one twice give 2^depth methods. */
    private static final int MAX_METHODS = 100_000;

    /** Greatest number of calls; every call site counts for every module of its class. */
    private static final int MAX_CALLS = 1_000_000;

    /** A method of the module at a path; the network itself has the empty path. */
    record Method(String path, String name) {}

    private final ClassIndex index;
    /** modules of all methods that run */
    private final Map<Method, Place> owners = new LinkedHashMap<>();

    private final Map<Method, List<Method>> callees = new HashMap<>();
    private final Map<Method, Integer> uses = new HashMap<>();
    private final Map<List<String>, MethodCode> codes = new HashMap<>();
    private final Set<String> handedOn = new HashSet<>();
    private final Set<String> forked = new HashSet<>();

    CallGraph(ClassIndex index, ModuleClass root) {
        this.index = index;
        Method start = new Method("", FORWARD);
        if (root.methods().containsKey(FORWARD)) {
            follow(start, new Place("", root));
            countUses(start);
        }
    }

    /**
     * Whether a forward hook would see the method: {@code forward}, {@code forward1} of a traced module used again,
     * {@code forward__0} of an overload.
     */
    public static boolean isForward(String method) {
        if (!method.startsWith(FORWARD)) {
            return false;
        }
        String rest = method.substring(FORWARD.length());
        String number = rest.length() > 2 && rest.startsWith("__") ? rest.substring(2) : rest;
        return number.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    ClassIndex index() {
        return index;
    }

    /** All methods that run, each after its first caller. */
    Set<Method> methods() {
        return owners.keySet();
    }

    ModuleClass type(Method method) {
        return owner(method).type();
    }

    /** The methods called, one for each call site. */
    List<Method> callees(Method method) {
        return callees.getOrDefault(method, List.of());
    }

    /** Number of call paths from the network's {@code forward} to this method. */
    int uses(Method method) {
        return uses.getOrDefault(method, 0);
    }

    /** Paths of modules used as values. */
    Set<String> handedOn() {
        return handedOn;
    }

    /** Paths of modules called in forked functions. */
    Set<String> forked() {
        return forked;
    }

    MethodCode code(Method method) {
        ModuleClass type = type(method);
        return codes.computeIfAbsent(List.of(type.name(), method.name()), key -> {
            MethodDef definition = type.methods().get(method.name());
            if (definition == null) {
                throw new IllegalArgumentException("no such method: " + method);
            }
            return new MethodCode(index, type, definition);
        });
    }

    private Place owner(Method method) {
        Place owner = owners.get(method);
        if (owner == null) {
            throw new IllegalArgumentException("never called: " + method);
        }
        return owner;
    }

    private void follow(Method start, Place root) {
        Deque<Method> open = new ArrayDeque<>();
        owners.put(start, root);
        open.add(start);
        long calls = 0;
        while (!open.isEmpty()) {
            Method caller = open.remove();
            MethodCode code = code(caller);
            calls += code.sites().size();
            if (owners.size() > MAX_METHODS || calls > MAX_CALLS) {
                throw new InputException(root.type().name() + ": its modules have more than " + MAX_METHODS
                        + " methods or " + MAX_CALLS + " calls of them");
            }
            List<Method> called = new ArrayList<>();
            for (MethodCode.Site site : code.sites()) {
                if (site.module().type().isInterface()) {
                    continue;
                }
                Method callee =
                        new Method(Place.join(caller.path(), site.module().path()), site.method());
                called.add(callee);
                if (owners.putIfAbsent(
                                callee, new Place(callee.path(), site.module().type()))
                        == null) {
                    open.add(callee);
                }
            }
            callees.put(caller, called);
            code.handedOn().forEach(path -> handedOn.add(Place.join(caller.path(), path)));
            code.forked().forEach(path -> forked.add(Place.join(caller.path(), path)));
        }
    }

    /** Counts uses in topological order; methods that have no place in it are recursive. */
    private void countUses(Method start) {
        Map<Method, Integer> waiting = new HashMap<>();
        callees.values().forEach(list -> list.forEach(callee -> waiting.merge(callee, 1, Integer::sum)));
        Deque<Method> ready = new ArrayDeque<>();
        uses.put(start, 1);
        if (!waiting.containsKey(start)) {
            ready.add(start);
        }
        int done = 0;
        while (!ready.isEmpty()) {
            Method caller = ready.remove();
            done++;
            for (Method callee : callees(caller)) {
                uses.merge(callee, uses(caller), CallGraph::addUpToMax);
                if (waiting.merge(callee, -1, Integer::sum) == 0) {
                    ready.add(callee);
                }
            }
        }
        if (done < owners.size()) {
            throw new InputException(type(start).name() + ": a method calls itself, which TorchScript does not allow");
        }
    }

    private static int addUpToMax(int a, int b) {
        return (int) Math.min(Integer.MAX_VALUE, (long) a + b);
    }
}
