package org.netdissect.weights;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.netdissect.base.InputException;
import org.netdissect.base.Printable;
import org.netdissect.torchscript.archive.ElementType;
import org.netdissect.torchscript.archive.PickleValue;

/** Finds the numbers of a checkpoint's tensors, and checks that they are where the pickle says. */
final class Tensors {
    private static final int MAX_NAME = 120;

    private static final String REBUILD = "_rebuild_";

    private final Path file;
    private final Storages storages;
    private final Map<String, Stored> known = new HashMap<>();

    Tensors(Path file, Storages storages) {
        this.file = file;
        this.storages = storages;
    }

    /** A storage of the file with the class and size that the pickle gives it. */
    private record Stored(PickleValue.Storage named, TensorBytes bytes) {}

    /** Whether a value is a tensor, readable or not. */
    static boolean isTensor(PickleValue value) {
        return value instanceof PickleValue.Tensor
                || (value instanceof PickleValue.Opaque opaque
                        && opaque.name().startsWith("torch.")
                        && opaque.name().contains(REBUILD));
    }

    /**
     * Reads the tensors among named values, and drops the others.
     *
     * @param key path of the values in the file
     * @throws InputException if a tensor is damaged, or none can be read
     */
    TensorSet set(String key, Map<String, PickleValue> values) throws IOException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        Map<String, String> unreadable = new LinkedHashMap<>();
        for (Map.Entry<String, PickleValue> entry : values.entrySet()) {
            String name = entry.getKey();
            if (!isTensor(entry.getValue())) {
                continue;
            }
            Optional<String> obstacle = obstacle(entry.getValue());
            if (obstacle.isPresent()) {
                unreadable.put(name, obstacle.get());
            } else if (entry.getValue() instanceof PickleValue.Tensor tensor) {
                tensors.put(name, read(name, tensor));
            }
        }
        return TensorSet.of(file, key, tensors, unreadable);
    }

    /** Says why a tensor is of a kind that is not read; empty if it is. */
    private static Optional<String> obstacle(PickleValue value) {
        if (value instanceof PickleValue.Tensor tensor) {
            return NumberTypes.of(tensor.type()).isPresent()
                    ? Optional.empty()
                    : Optional.of("is " + NumberTypes.unreadable(tensor.type()));
        }
        String function = value instanceof PickleValue.Opaque opaque ? opaque.name() : "";
        if (function.contains("sparse")) {
            return Optional.of("is sparse");
        } else if (function.contains("qtensor")) {
            return Optional.of("is quantised");
        } else if (function.contains("._rebuild_tensor")) {
            return Optional.of("has no storage, sizes and strides that make sense");
        }
        return Optional.of("is made by " + Printable.brief(Printable.of(function), MAX_NAME) + ", which is not read");
    }

    private StoredTensor read(String name, PickleValue.Tensor tensor) throws IOException {
        String label = label(file, name);
        ElementType type = NumberTypes.of(tensor.type()).orElseThrow();
        long capacity = tensor.storage().count();
        long start = 0;
        Optional<PickleValue.Range> view = tensor.storage().view();
        if (view.isPresent()) {
            start = view.get().start();
            long end = capacity;
            capacity = view.get().count();
            if (start < 0 || capacity < 0 || start > end - capacity) {
                throw new InputException(label + ": is in a part of a storage that reaches past its end");
            }
        }
        // a storage without a type counts bytes
        int unit =
                NumberTypes.of(tensor.storage().type()).map(ElementType::width).orElse(1);
        StridedLayout layout = new StridedLayout(tensor.sizes(), tensor.strides(), tensor.offset());
        layout.problem(unit == 1 ? capacity / type.width() : capacity, type.width())
                .ifPresent(problem -> {
                    throw new InputException(label + ": " + problem);
                });
        TensorBytes bytes = bytes(label, tensor.storage(), unit, layout.count() == 0);
        return StoredTensor.of(label, type, tensor.sizes(), tensor.strides(), start + tensor.offset(), bytes);
    }

    private TensorBytes bytes(String label, PickleValue.Storage storage, int unit, boolean empty) throws IOException {
        Stored stored = known.get(storage.key());
        if (stored == null) {
            Optional<TensorBytes> bytes = storages.bytes(storage.key());
            if (bytes.isEmpty() && empty) {
                return new FileBytes(file, 0, 0, ByteOrder.LITTLE_ENDIAN);
            }
            stored = new Stored(
                    storage,
                    bytes.orElseThrow(() -> new InputException(label + ": its storage "
                            + Printable.brief(Printable.of(storage.key()), MAX_NAME) + " is not in the file")));
            known.put(storage.key(), stored);
        }
        boolean same =
                stored.named().type().equals(storage.type()) && stored.named().count() == storage.count();
        if (!same) {
            throw new InputException(label + ": its storage has another type or size for another tensor");
        } else if (stored.bytes().size() % unit != 0 || stored.bytes().size() / unit != storage.count()) {
            throw new InputException(label + ": its storage has "
                    + stored.bytes().size() + " bytes instead of " + storage.count() + " numbers of " + unit);
        }
        return stored.bytes();
    }

    /** The name of a tensor of a file in errors. */
    static String label(Path file, String name) {
        return file + ", tensor " + Printable.brief(Printable.of(name), MAX_NAME);
    }
}
