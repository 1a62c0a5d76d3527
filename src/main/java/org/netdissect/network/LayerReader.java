package org.netdissect.network;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.field.MapReading;

/**
 * Reads layers' outputs as activation maps: by the axes that user or code give, else by those that shifted images show.
 * Thread-safe.
 */
final class LayerReader {
    private final LoadedNetwork network;
    private final LayerMaps maps;
    /** by layer, found by shifting an image */
    private final Map<String, MapReading> found = new ConcurrentHashMap<>();

    LayerReader(LoadedNetwork network, LayerMaps maps) {
        this.network = network;
        this.maps = maps;
    }

    /** The array of this name, or null. */
    static @Nullable NDArray byName(NDList arrays, String name) {
        for (NDArray array : arrays) {
            if (name.equals(array.getName())) {
                return array;
            }
        }
        return null;
    }

    /**
     * A layer's output for a batch.
     *
     * @throws InputException where it has no maps
     */
    LayerOutput output(String layer, NDArray array, InputBatch batch) {
        MapReading reading;
        try {
            reading = reading(layer, array, batch);
        } catch (InputException e) {
            throw new InputException("layer " + layer + ": " + e.getMessage(), e);
        }
        try {
            NDArray values = LayerMaps.arranged(reading, array);
            if (values.getDataType() != DataType.FLOAT32) {
                values = values.toType(DataType.FLOAT32, false);
            }
            return new LayerOutput(reading.units(), reading.map(), values.toByteBuffer(true));
        } catch (EngineException | IllegalArgumentException e) {
            throw new InputException(
                    "layer " + layer + ": its output cannot be read as numbers: " + EngineErrors.oneLine(e), e);
        }
    }

    /**
     * The axes of a layer's output.
     *
     * @throws InputException where it has no maps; the message does not name the layer
     */
    MapReading reading(String layer, NDArray array, InputBatch batch) {
        if (array.getDataType() == DataType.COMPLEX64) {
            throw new InputException(
                    "its output is complex numbers, which have no order; choose another layer, such as "
                            + "one that takes their absolute values");
        }
        LayerMaps.Known known = maps.known(layer, array.getShape().getShape(), batch.images());
        return known.reading()
                .orElseGet(() ->
                        found.computeIfAbsent(layer, unknown -> shifted(layer, known.unknown(), batch.channels())));
    }

    private MapReading shifted(String layer, String why, int channels) {
        try (NDManager manager = network.newManager()) {
            ShiftGuard guard = new ShiftGuard(maps.inputSize(), channels, image -> {
                NDList all = network.run(manager, TorchScriptArchive.TAPPED_METHOD, image);
                NDArray kept = Objects.requireNonNull(byName(all, layer));
                all.stream().filter(array -> array != kept).forEach(NDArray::close);
                return kept;
            });
            return guard.find()
                    .orElseThrow(() -> new InputException(
                            guard.isRepeatable()
                                    ? "neither its code (" + why
                                            + ") nor a shifted image shows what its dimensions are; " + LayerMaps.HINT
                                    : "it " + Trial.RANDOM));
        }
    }

    /** Axes that shifted images showed, as option {@code --axes} takes them, by layer. */
    Map<String, String> foundByShifting() {
        Map<String, String> texts = new TreeMap<>();
        found.forEach((layer, reading) -> texts.put(layer, reading.text()));
        return texts;
    }
}
