package org.netdissect.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.field.MapReading;
import org.netdissect.torchscript.field.Reading;
import org.netdissect.torchscript.field.ReceptiveFields;

/**
 * Axes of each layer's output: those that the user gives, else those that the network's code gives. Layers without
 * either are left to shifted images ({@link ShiftGuard}); neither an output's rank nor a square number of tokens is
 * evidence.
 */
public final class LayerMaps {
    /** Advice on a layer whose axes are not known. */
    static final String HINT = "say what its dimensions are with --axes LAYER=AXES";

    private final Map<String, AxesSpec> given;
    private final ReceptiveFields code;
    private final GridSize inputSize;

    private LayerMaps(Map<String, AxesSpec> given, ReceptiveFields code, GridSize inputSize) {
        this.given = given;
        this.code = code;
        this.inputSize = inputSize;
    }

    /**
     * Axes of a network's layers.
     *
     * @param given by layer; they win over the code's
     * @param inputSize of the network's input
     */
    public static LayerMaps of(TorchScriptArchive archive, Map<String, AxesSpec> given, GridSize inputSize)
            throws IOException {
        return new LayerMaps(new LinkedHashMap<>(given), ReceptiveFields.of(archive, inputSize), inputSize);
    }

    /**
     * The axes of an output that user or code give.
     *
     * @param reading nothing where only a shifted image can show them
     * @param unknown why the code does not give them, or empty
     */
    record Known(Optional<MapReading> reading, String unknown) {}

    /**
     * Finds the axes of an output that user or code give.
     *
     * @throws InputException where the output has no maps, or is not as the user or the code says; the message does not
     *     name the layer
     */
    Known known(String layer, long[] shape, int images) {
        requireRows(shape, images);
        AxesSpec spec = given.get(layer);
        if (spec != null) {
            return new Known(Optional.of(spec.reading(shape, images, inputSize)), "");
        }
        Reading reading = code.reading(layer);
        if (reading instanceof Reading.Maps maps) {
            if (!maps.maps().fits(shape, images)) {
                throw new InputException(
                        "by the network's code its output is " + maps.maps().shape() + " for an image, but it gives "
                                + Arrays.toString(shape) + " for " + images + "; " + HINT);
            }
            return new Known(Optional.of(maps.maps()), "");
        } else if (reading instanceof Reading.Refused refused) {
            throw new InputException(refused.why());
        }
        if (shape[0] != images) {
            throw noRows(shape, images);
        }
        String why = ((Reading.Unknown) reading).why();
        boolean single = shape.length >= 2 && Arrays.stream(shape).skip(2).allMatch(length -> length == 1);
        return single
                ? new Known(
                        Optional.of(new AxesSpec("nu" + "u".repeat(shape.length - 2), List.of(), Optional.empty())
                                .reading(shape, images, inputSize)),
                        "")
                : new Known(Optional.empty(), why);
    }

    private static void requireRows(long[] shape, int images) {
        if (Arrays.stream(shape).anyMatch(length -> length == 0)) {
            throw new InputException("output " + Arrays.toString(shape) + " is empty");
        } else if (Arrays.stream(shape).noneMatch(length -> length % images == 0)) {
            throw noRows(shape, images);
        }
    }

    private static InputException noRows(long[] shape, int images) {
        return new InputException(
                "output " + Arrays.toString(shape) + " for " + images + " images has no row for each image");
    }

    /** Size of the network's input. */
    GridSize inputSize() {
        return inputSize;
    }

    /** Arranges an output as {@code [images][units][height][width]}. */
    static NDArray arranged(MapReading reading, NDArray output) {
        if (reading.isInOrder()) {
            return output;
        }
        NDArray parts = output.reshape(shape(reading.axes()));
        if (reading.tokens() >= 0) {
            NDList kept = new NDList();
            for (MapReading.Range range : reading.kept()) {
                List<String> index =
                        new ArrayList<>(Collections.nCopies(reading.axes().size(), ":"));
                index.set(reading.tokens(), range.from() + ":" + range.until());
                kept.add(parts.get(new NDIndex(String.join(",", index))));
            }
            parts = kept.size() == 1 ? kept.get(0) : NDArrays.concat(kept, reading.tokens());
        }
        return parts.reshape(shape(reading.parts()))
                .transpose(reading.order().stream().mapToInt(Integer::intValue).toArray());
    }

    private static Shape shape(List<Long> lengths) {
        return new Shape(lengths.stream().mapToLong(Long::longValue).toArray());
    }
}
