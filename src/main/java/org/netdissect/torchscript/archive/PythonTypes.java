package org.netdissect.torchscript.archive;

import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Makes the containers that pickles of Python 2 and 3 name by their classes. */
final class PythonTypes {
    private final IntConsumer copied;

    /** {@code copied} is told how many values are copied, so that it can bound them. */
    PythonTypes(IntConsumer copied) {
        this.copied = copied;
    }

    /** The value that a call of a class or function of Python would give; empty if it is none of these. */
    Optional<PickleValue> make(String function, List<PickleValue> args) {
        Optional<PickleValue> first = args.stream().findFirst();
        return switch (function) {
            case "collections.OrderedDict", "collections.Counter", "builtins.dict", "__builtin__.dict" ->
                Optional.of(dictionary(first));
            case "collections.defaultdict" -> Optional.of(new PickleValue.Entries());
            case "builtins.set",
                    "builtins.frozenset",
                    "builtins.list",
                    "builtins.tuple",
                    "__builtin__.set",
                    "__builtin__.frozenset",
                    "__builtin__.list",
                    "__builtin__.tuple",
                    "torch.Size" ->
                Optional.of(first.filter(PickleValue.Items.class::isInstance).orElseGet(PickleValue.Items::new));
            case "copy_reg._reconstructor", "copyreg._reconstructor", "copy_reg.__newobj__", "copyreg.__newobj__" ->
                first.filter(PickleValue.Global.class::isInstance)
                        .map(type -> new PickleValue.Entries(((PickleValue.Global) type).name()));
            default -> Optional.empty();
        };
    }

    /** A dictionary made of nothing, of another one, or of a list of pairs. */
    private PickleValue dictionary(Optional<PickleValue> from) {
        PickleValue.Entries made = new PickleValue.Entries();
        if (from.isPresent() && from.get() instanceof PickleValue.Entries other) {
            copied.accept(other.map().size());
            made.map().putAll(other.map());
        } else if (from.isPresent() && from.get() instanceof PickleValue.Items pairs) {
            copied.accept(pairs.list().size());
            for (PickleValue pair : pairs.list()) {
                if (pair instanceof PickleValue.Items items && items.list().size() == 2) {
                    put(made, items.list());
                }
            }
        }
        return made;
    }

    /** Adds keys and values, in turn. */
    static void put(PickleValue.Entries entries, List<PickleValue> items) {
        for (int i = 0; i + 1 < items.size(); i += 2) {
            if (items.get(i) instanceof PickleValue.Plain key
                    && (key.value() instanceof String || key.value() instanceof Long)) {
                entries.map().put(key.value().toString(), items.get(i + 1));
            }
        }
    }
}
