package org.netdissect.weights;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.base.Printable;
import org.netdissect.torchscript.archive.PickleValue;

/**
 * Finds the weights of a network in a checkpoint: a dictionary of tensors, or a pickled module, at any path. Optimizers
 * and the like are passed over, since their tensors are no weights. So are dictionaries with a larger one inside, such
 * as a checkpoint with a tensor beside its state_dict.
 */
final class StateDicts {
    /** Parts of a checkpoint that belong to training, by the start of their names. */
    private static final List<String> TRAINING = List.of(
            "optim",
            "scheduler",
            "lr_sched",
            "scaler",
            "grad_scaler",
            "amp",
            "callbacks",
            "loops",
            "rng",
            "random_state",
            "cuda_rng",
            "torch_rng",
            "criterion",
            "loss");

    private static final int MAX_DEPTH = 8;
    private static final int MAX_ITEMS = 16;
    private static final int MOST_LISTED = 12;
    private static final int MAX_NAME = 80;

    /** Greatest number of dictionaries of tensors, which are compared with each other. */
    private static final int MOST_FOUND = 5000;

    private final Path file;
    private final PickleValue root;

    StateDicts(Path file, PickleValue root) {
        this.file = file;
        this.root = root;
    }

    /**
     * A dictionary of tensors or a pickled module.
     *
     * @param key dotted path; empty for the top
     * @param tensors its number of tensors, without those of dictionaries inside
     * @param inner whether a larger dictionary of tensors is inside
     */
    record Found(String key, PickleValue.Entries value, long tensors, boolean inner) {
        /** The module that it is; empty if it is a dictionary. */
        Optional<PickledModule> module() {
            return PickledModule.of(value).map(PickledModule::unwrapped);
        }

        /** Tensors and other values by name. */
        Map<String, PickleValue> entries(Path file) {
            return module().map(module -> module.stateDict(new PathBudget(file)))
                    .orElse(value.map());
        }

        private String text() {
            String name = key.isEmpty() ? "." : Printable.brief(Printable.of(key), MAX_NAME);
            return name + " (" + tensors + (tensors == 1 ? " tensor)" : " tensors)");
        }
    }

    /**
     * The only weights in the file, or those at or below a path.
     *
     * @param key dotted path, a dot for the top; null if none was given
     * @throws InputException if there are none there, or several
     */
    Found find(@Nullable String key) {
        if (key == null) {
            return only(within("", root), "");
        }
        List<Found> found = key.equals(".")
                ? within("", root)
                : at(root, key).map(value -> within(key, value)).orElse(List.of());
        // the very value that was named, even if there is more inside
        String path = key.equals(".") ? "" : key;
        return found.stream()
                .filter(each -> each.key().equals(path))
                .findFirst()
                .orElseGet(() -> only(found, key));
    }

    private Found only(List<Found> all, String key) {
        List<Found> found = all.stream().filter(each -> !each.inner()).toList();
        if (found.size() == 1) {
            return found.get(0);
        } else if (found.size() > 1) {
            throw new InputException(file + ": holds several sets of weights" + (key.isEmpty() ? "" : " at " + key)
                    + ", " + listed(found) + "; choose one with --key");
        }
        List<Found> elsewhere = key.isEmpty() ? List.of() : within("", root);
        String where = key.isEmpty() ? "" : " at --key " + Printable.of(key);
        throw new InputException(file + ": holds no tensors" + where + "; expected "
                + (elsewhere.isEmpty() ? "a state_dict or a pickled network" : "one of " + listed(elsewhere)));
    }

    private static String listed(List<Found> found) {
        String names = found.stream().limit(MOST_LISTED).map(Found::text).collect(Collectors.joining(", "));
        return found.size() <= MOST_LISTED ? names : names + " and " + (found.size() - MOST_LISTED) + " more";
    }

    /** The value at a dotted path, some of whose keys may have dots. */
    private static Optional<PickleValue> at(PickleValue value, String path) {
        Map<String, PickleValue> entries = entries(value);
        if (entries.containsKey(path)) {
            return Optional.of(entries.get(path));
        }
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
            PickleValue inner = entries.get(path.substring(0, dot));
            Optional<PickleValue> found = inner == null ? Optional.empty() : at(inner, path.substring(dot + 1));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Parts of a value by key; those of a list or tuple, such as (state_dict, optimizer), by number. */
    private static Map<String, PickleValue> entries(PickleValue value) {
        if (value instanceof PickleValue.Entries entries) {
            return entries.map();
        } else if (value instanceof PickleValue.Items items && items.list().size() <= MAX_ITEMS) {
            Map<String, PickleValue> numbered = new LinkedHashMap<>();
            for (int i = 0; i < items.list().size(); i++) {
                numbered.put(Integer.toString(i), items.list().get(i));
            }
            return numbered;
        }
        return Map.of();
    }

    private record Step(String key, PickleValue value, int depth) {}

    /** All weights in a value; outer ones before inner ones. */
    private List<Found> within(String key, PickleValue value) {
        PathBudget budget = new PathBudget(file);
        List<Found> found = new ArrayList<>();
        Set<PickleValue> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Step> open = new ArrayDeque<>(List.of(new Step(key, value, 0)));
        seen.add(value);
        while (!open.isEmpty()) {
            Step step = open.remove();
            if (step.depth() > MAX_DEPTH) {
                continue;
            }
            Optional<PickledModule> module = PickledModule.of(step.value());
            long tensors = module.map(each -> tensors(each.stateDict(budget))).orElseGet(() -> tensors(step.value()));
            if (tensors > 0 && step.value() instanceof PickleValue.Entries entries) {
                found.add(new Found(step.key(), entries, tensors, false));
                if (found.size() > MOST_FOUND) {
                    throw budget.refused();
                }
            }
            if (module.isEmpty() && !isOptimizer(step.value())) {
                entries(step.value()).forEach((name, inner) -> {
                    boolean deeper = inner instanceof PickleValue.Entries || inner instanceof PickleValue.Items;
                    boolean named = step.key().length() + name.length() < PathBudget.MAX_NAME;
                    // a value is marked as seen when it waits, so that it waits once
                    if (deeper && named && !isTraining(name) && seen.add(inner)) {
                        String path = step.key().isEmpty() ? name : budget.joined(step.key() + ".", name);
                        open.add(new Step(path, inner, step.depth() + 1));
                    }
                });
            }
        }
        return found.stream().map(each -> marked(each, found)).toList();
    }

    private static Found marked(Found each, List<Found> all) {
        String below = each.key().isEmpty() ? "" : each.key() + ".";
        boolean inner =
                all.stream().anyMatch(other -> other.key().startsWith(below) && other.tensors() > each.tensors());
        return new Found(each.key(), each.value(), each.tensors(), inner);
    }

    private static long tensors(PickleValue value) {
        return value instanceof PickleValue.Entries entries ? tensors(entries.map()) : 0;
    }

    private static long tensors(Map<String, PickleValue> entries) {
        return entries.values().stream().filter(Tensors::isTensor).count();
    }

    /** Whether a value is the state of an optimizer, whatever its name. */
    private static boolean isOptimizer(PickleValue value) {
        return value instanceof PickleValue.Entries entries
                && entries.map().containsKey("state")
                && entries.map().containsKey("param_groups");
    }

    private static boolean isTraining(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return TRAINING.stream().anyMatch(lower::startsWith) || lower.endsWith("optimizer");
    }
}
