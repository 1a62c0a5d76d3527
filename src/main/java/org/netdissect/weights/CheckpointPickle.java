package org.netdissect.weights;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.torchscript.archive.PickleMeaning;
import org.netdissect.torchscript.archive.PickleValue;

/**
 * Meaning of the functions that torch.save names (torch/_utils.py, torch/serialization.py). A function that is not
 * known becomes an opaque value of its name: optimizers, namespaces and numbers of NumPy do no harm.
 */
final class CheckpointPickle implements PickleMeaning {
    private final Map<String, PickleValue.Storage> storages = new HashMap<>();

    /** The storages seen, by key: the first of those that name a key. */
    Map<String, PickleValue.Storage> storages() {
        return storages;
    }

    @Override
    public PickleValue persistent(PickleValue id) {
        List<PickleValue> items = id instanceof PickleValue.Items list ? list.list() : List.of();
        // a class of a module, followed by its source, which old pickles have
        if (items.size() > 1 && isText(items.get(0), "module")) {
            return items.get(1);
        }
        if (items.size() < 5
                || !isText(items.get(0), "storage")
                || !(items.get(1) instanceof PickleValue.Global type)
                || !(items.get(2) instanceof PickleValue.Plain key)
                || !(items.get(4) instanceof PickleValue.Plain plain)
                || !(plain.value() instanceof Long count)) {
            return PickleValue.opaque();
        }
        PickleValue.Storage storage = new PickleValue.Storage(
                type.name(), key.value().toString(), count, items.size() > 5 ? view(items.get(5)) : Optional.empty());
        storages.putIfAbsent(storage.key(), storage);
        return storage;
    }

    /** A part of a storage, {@code (key of the part, offset, count)}, of PyTorch before 1.6. */
    private static Optional<PickleValue.Range> view(PickleValue metadata) {
        return metadata instanceof PickleValue.Items items
                        && items.list().size() == 3
                        && items.list().get(1) instanceof PickleValue.Plain offset
                        && items.list().get(2) instanceof PickleValue.Plain count
                        && offset.value() instanceof Long start
                        && count.value() instanceof Long numbers
                ? Optional.of(new PickleValue.Range(start, numbers))
                : Optional.empty();
    }

    private static boolean isText(PickleValue value, String text) {
        return value instanceof PickleValue.Plain plain && plain.value().equals(text);
    }

    @Override
    public PickleValue reduce(String function, List<PickleValue> args) {
        return switch (function) {
            case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> tensor(function, args, false);
            case "torch._utils._rebuild_tensor_v3" -> tensor(function, args, true);
            case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
                args.isEmpty() ? new PickleValue.Opaque(function) : args.get(0);
            case "torch._tensor._rebuild_from_type", "torch._tensor._rebuild_from_type_v2" -> ofType(function, args);
            default -> new PickleValue.Opaque(function);
        };
    }

    /** A tensor of a class of its own, or with attributes: {@code (function, class, its arguments, attributes)}. */
    private PickleValue ofType(String function, List<PickleValue> args) {
        boolean direct = args.size() > 2
                && args.get(0) instanceof PickleValue.Global inner
                && !inner.name().contains("_rebuild_from_type");
        return direct
                        && args.get(0) instanceof PickleValue.Global inner
                        && args.get(2) instanceof PickleValue.Items items
                ? reduce(inner.name(), items.list())
                : new PickleValue.Opaque(function);
    }

    /**
     * A tensor: {@code (storage, offset, sizes, strides, ...)}; where {@code typed}, the seventh argument is the number
     * type.
     */
    private static PickleValue tensor(String function, List<PickleValue> args, boolean typed) {
        if (args.size() < (typed ? 7 : 4)
                || !(args.get(0) instanceof PickleValue.Storage storage)
                || !(args.get(1) instanceof PickleValue.Plain plain)
                || !(plain.value() instanceof Long offset)) {
            return new PickleValue.Opaque(function);
        }
        Optional<List<Long>> sizes = PickleValue.wholeNumbers(args.get(2));
        Optional<List<Long>> strides = PickleValue.wholeNumbers(args.get(3));
        if (sizes.isEmpty() || strides.isEmpty()) {
            return new PickleValue.Opaque(function);
        }
        String type = typed ? args.get(6) instanceof PickleValue.Global named ? named.name() : "" : storage.type();
        return new PickleValue.Tensor(type, storage, offset, sizes.get(), strides.get());
    }
}
