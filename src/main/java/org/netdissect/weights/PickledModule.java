package org.netdissect.weights;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.netdissect.torchscript.archive.PickleValue;

/** A module of PyTorch as a pickle has it: its class and attributes, without its code. */
public final class PickledModule {
    private static final int MAX_DEPTH = 100;

    private final PickleValue.Entries object;

    private PickledModule(PickleValue.Entries object) {
        this.object = object;
    }

    /** The module that a value is; empty if it is none. */
    static Optional<PickledModule> of(PickleValue value) {
        return value instanceof PickleValue.Entries object
                        && !object.type().isEmpty()
                        && object.map().get("_modules") instanceof PickleValue.Entries
                        && object.map().get("_parameters") instanceof PickleValue.Entries
                ? Optional.of(new PickledModule(object))
                : Optional.empty();
    }

    /** Qualified class, such as {@code torch.nn.modules.conv.Conv2d}. */
    public String type() {
        return object.type();
    }

    /** An attribute of the object; opaque if it has none of this name. */
    public PickleValue attribute(String name) {
        return object.map().getOrDefault(name, PickleValue.opaque());
    }

    /** Submodules by name, in order, without wrappers for several devices. */
    public Map<String, PickledModule> children() {
        Map<String, PickledModule> children = wrappedChildren();
        children.replaceAll((name, module) -> module.unwrapped());
        return children;
    }

    /** Whether each submodule is one whose class and attributes are known. */
    public boolean knowsChildren() {
        return entries("_modules").values().stream()
                .allMatch(
                        value -> value instanceof PickleValue.None || of(value).isPresent());
    }

    private Map<String, PickledModule> wrappedChildren() {
        Map<String, PickledModule> children = new LinkedHashMap<>();
        entries("_modules").forEach((name, value) -> of(value).ifPresent(module -> children.put(name, module)));
        return children;
    }

    /** Sizes of a parameter or buffer of this module; empty if it has none. */
    public Optional<PickleValue.Tensor> tensor(String name) {
        Map<String, PickleValue> parameters = entries("_parameters");
        PickleValue value = parameters.containsKey(name)
                ? parameters.get(name)
                : entries("_buffers").get(name);
        return value instanceof PickleValue.Tensor tensor ? Optional.of(tensor) : Optional.empty();
    }

    private Map<String, PickleValue> entries(String name) {
        return attribute(name) instanceof PickleValue.Entries entries ? entries.map() : Map.of();
    }

    /** The network inside wrappers for several devices. */
    PickledModule unwrapped() {
        PickledModule inner = this;
        for (int i = 0; i < MAX_DEPTH && inner.type().startsWith("torch.nn.parallel."); i++) {
            PickledModule wrapper = inner;
            inner = wrapper.wrappedChildren().values().stream().findFirst().orElse(wrapper);
        }
        return inner;
    }

    /**
     * Parameters and buffers by dotted name, as {@code state_dict()} gives them.
     *
     * @throws org.netdissect.base.InputException if they are more than {@code budget} allows
     */
    Map<String, PickleValue> stateDict(PathBudget budget) {
        Map<String, PickleValue> all = new LinkedHashMap<>();
        addTo(all, "", budget, 0);
        return all;
    }

    private void addTo(Map<String, PickleValue> all, String path, PathBudget budget, int depth) {
        if (depth > MAX_DEPTH) {
            throw budget.refused();
        }
        Map<String, PickleValue> parameters = entries("_parameters");
        Map<String, PickleValue> buffers = entries("_buffers");
        budget.visit(
                1 + parameters.size() + buffers.size() + entries("_modules").size());
        parameters.forEach((name, value) -> all.put(budget.joined(path, name), value));
        Set<String> passing = passingBuffers(budget);
        buffers.forEach((name, value) -> {
            if (!passing.contains(name)) {
                all.put(budget.joined(path, name), value);
            }
        });
        children().forEach((name, child) -> child.addTo(all, budget.joined(path, name) + ".", budget, depth + 1));
    }

    /** Buffers that are no part of the state. */
    private Set<String> passingBuffers(PathBudget budget) {
        if (!(attribute("_non_persistent_buffers_set") instanceof PickleValue.Items items)) {
            return Set.of();
        }
        budget.visit(items.list().size());
        return items.list().stream()
                .filter(PickleValue.Plain.class::isInstance)
                .map(item -> ((PickleValue.Plain) item).value().toString())
                .collect(Collectors.toSet());
    }
}
