package org.netdissect.torchscript.field;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** State of a running method or function: its variables, and whether it has returned. */
final class Frame {
    private final String path;
    private final Map<String, Value> names;
    private Optional<Value> returned;
    private boolean open;

    /** A frame for a method of the module at {@code path}. */
    Frame(String path) {
        this(path, new HashMap<>(), Optional.empty(), true);
    }

    private Frame(String path, Map<String, Value> names, Optional<Value> returned, boolean open) {
        this.path = path;
        this.names = names;
        this.returned = returned;
        this.open = open;
    }

    Frame copy() {
        return new Frame(path, new HashMap<>(names), returned, open);
    }

    String path() {
        return path;
    }

    boolean has(String name) {
        return names.containsKey(name);
    }

    Value get(String name) {
        return Optional.ofNullable(names.get(name)).orElseGet(Value::unknown);
    }

    void set(String name, Value value) {
        names.put(name, value);
    }

    int size() {
        return names.size();
    }

    /** Whether the next statement may run. */
    boolean isOpen() {
        return open;
    }

    /** Ends the method by an exception. */
    void fail() {
        open = false;
    }

    /** Whether the method can only end by an exception. */
    boolean hasFailed() {
        return !open && returned.isEmpty();
    }

    void setReturned(Value value) {
        returned =
                Optional.of(returned.map(other -> Alternatives.of(other, value)).orElse(value));
        open = false;
    }

    /** The returned value. */
    Value result() {
        if (open) {
            setReturned(Value.none());
        }
        return returned.orElseGet(Value::unknown);
    }

    /** Continues with the merged state of two copies, one for each branch of an undecided condition. */
    void become(Frame a, Frame b) {
        open = a.open || b.open;
        returned = a.returned.isPresent() && b.returned.isPresent()
                ? Optional.of(Alternatives.of(a.returned.get(), b.returned.get()))
                : a.returned.or(() -> b.returned);
        Set<String> all = new HashSet<>(a.open ? a.names.keySet() : b.names.keySet());
        if (b.open) {
            all.addAll(b.names.keySet());
        }
        for (String name : all) {
            if (a.open && b.open) {
                names.put(name, Alternatives.of(a.get(name), b.get(name)));
            } else {
                names.put(name, a.open ? a.get(name) : b.get(name));
            }
        }
    }
}
