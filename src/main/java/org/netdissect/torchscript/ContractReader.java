package org.netdissect.torchscript;

import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netdissect.torchscript.InputContract.NumberType;
import org.netdissect.torchscript.archive.PickleValue;

/**
 * Reads the {@link InputContract} from the layer that sees the image first, or else the number type of most weights.
 */
final class ContractReader {
    private final PickleValue network;
    private final FirstLayer first;

    ContractReader(ClassIndex index, PickleValue network, PickleValue constants) {
        this.network = network;
        this.first = new FirstLayer(index, network, constants);
    }

    InputContract read(ModuleClass root) {
        Optional<FirstLayer.Found> found = first.of(root);
        OptionalInt channels = found.map(FirstLayer.Found::channels).orElse(OptionalInt.empty());
        NumberType type = found.map(FirstLayer.Found::type).orElseGet(this::most);
        return new InputContract(channels, type);
    }

    /** The number type of most weights. */
    private NumberType most() {
        Map<NumberType, Long> counts = new EnumMap<>(NumberType.class);
        count(network, counts, Collections.newSetFromMap(new IdentityHashMap<>()));
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(NumberType.FLOAT);
    }

    /** Counts weights by type; {@code seen} guards against values that contain themselves. */
    private static void count(PickleValue value, Map<NumberType, Long> counts, Set<PickleValue> seen) {
        if (value instanceof PickleValue.TensorSizes tensor) {
            @Nullable NumberType type = NumberType.ofStorage(tensor.storage());
            if (type != null) {
                long size = tensor.sizes().stream().reduce(1L, (a, b) -> a * b);
                counts.merge(type, size, Long::sum);
            }
        } else if (value instanceof PickleValue.Entries object && seen.add(object)) {
            object.map().values().forEach(each -> count(each, counts, seen));
        } else if (value instanceof PickleValue.Items items && seen.add(items)) {
            items.list().forEach(each -> count(each, counts, seen));
        }
    }
}
