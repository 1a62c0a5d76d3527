package org.netdissect.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.field.MapReading;

/**
 * The arrangement of a layer's output as maps {@code [images][units][height][width]}, in numbers for a method of the
 * archive.
 */
public final class MapArrangement {
    private final MapReading reading;

    private MapArrangement(MapReading reading) {
        this.reading = reading;
    }

    /**
     * Runs the network on a batch and finds the arrangement.
     *
     * @param layer tapped, or {@link TorchScriptArchive#OUTPUT}
     * @throws InputException where the layer was not reached, or its output has no maps
     * @throws RunException where the network fails
     */
    public static MapArrangement of(LoadedNetwork network, LayerMaps maps, String layer, InputBatch batch) {
        try (NDManager manager = network.newManager()) {
            NDArray array = LayerReader.byName(network.run(manager, TorchScriptArchive.TAPPED_METHOD, batch), layer);
            if (array == null) {
                throw new InputException("layer " + layer + " was not reached by the forward pass; choose another");
            }
            return layer.equals(TorchScriptArchive.OUTPUT)
                    ? ofOutput(array.getShape().getShape(), batch)
                    : new MapArrangement(reading(network, maps, layer, array, batch));
        }
    }

    private static MapReading reading(
            LoadedNetwork network, LayerMaps maps, String layer, NDArray array, InputBatch batch) {
        try {
            return new LayerReader(network, maps).reading(layer, array, batch);
        } catch (InputException e) {
            throw new InputException("layer " + layer + ": " + e.getMessage(), e);
        }
    }

    private static MapArrangement ofOutput(long[] shape, InputBatch batch) {
        if ((shape.length != 2 && shape.length != 4) || shape[0] != batch.images()) {
            throw new InputException("the network's output " + Arrays.toString(shape) + " for " + batch.images()
                    + " images is neither a row of classes nor a map of classes for each; choose a layer with --layer");
        }
        return new MapArrangement(new AxesSpec(shape.length == 2 ? "nu" : "nuyx", List.of(), Optional.empty())
                .reading(shape, batch.images(), batch.size()));
    }

    /** Number of channels. */
    public int units() {
        return reading.units();
    }

    /** Size of one map. */
    public GridSize map() {
        return reading.map();
    }

    /**
     * Arguments by name for a batch: {@code axes}, {@code tokens}, {@code kept}, {@code parts} and {@code permutation}
     * where the output is not in order, then {@code maps}, the final shape.
     */
    public Map<String, FloatTensor> arguments(int images) {
        Map<String, FloatTensor> arguments = new LinkedHashMap<>();
        if (!reading.isInOrder()) {
            arguments.put("axes", lengths(reading.axes(), images));
            arguments.put("parts", lengths(reading.parts(), images));
            arguments.put(
                    "permutation",
                    FloatTensor.of(
                            reading.order().stream().mapToInt(Integer::intValue).toArray()));
        }
        if (reading.tokens() >= 0) {
            List<Long> kept = new ArrayList<>();
            reading.kept()
                    .forEach(range ->
                            LongStream.range(range.from(), range.until()).forEach(kept::add));
            arguments.put("tokens", FloatTensor.of((float) reading.tokens()));
            arguments.put("kept", lengths(kept, images));
        }
        arguments.put(
                "maps",
                FloatTensor.of(
                        images,
                        reading.units(),
                        reading.map().height(),
                        reading.map().width()));
        return arguments;
    }

    /**
     * An output of the layer, or a gradient in its shape, as maps.
     *
     * @return {@code [images][units][height][width]}
     */
    public FloatTensor arranged(LoadedNetwork network, FloatTensor output) {
        try (NDManager manager = network.newManager()) {
            NDArray array =
                    manager.create(FloatBuffer.wrap(output.values()), new Shape(output.shape()), DataType.FLOAT32);
            float[] maps = LayerMaps.arranged(reading, array).toFloatArray();
            int perImage = Math.multiplyExact(reading.units(), reading.map().cells());
            return new FloatTensor(
                    maps,
                    maps.length / perImage,
                    reading.units(),
                    reading.map().height(),
                    reading.map().width());
        }
    }

    private static FloatTensor lengths(List<Long> lengths, int images) {
        return FloatTensor.of(lengths.stream()
                .mapToInt(length -> length == MapReading.ANY ? images : Math.toIntExact(length))
                .toArray());
    }
}
