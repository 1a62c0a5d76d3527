package org.netdissect.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import org.netdissect.base.RunException;

/** Outputs of a network's {@code forward}. */
public final class NetworkOutput {
    private NetworkOutput() {}

    /**
     * The first image's row of the network's first output, if that is {@code [images, classes]}, with or without sides
     * of 1.
     *
     * @return {@code [classes]}, or nothing for an output of another shape
     * @throws RunException where the network fails
     */
    public static Optional<float[]> scores(LoadedNetwork network, InputBatch batch) {
        int images = batch.images();
        try (NDManager manager = network.newManager()) {
            NDList outputs = network.forward(manager, batch);
            Shape shape = outputs.isEmpty() ? new Shape() : outputs.get(0).getShape();
            boolean rows = shape.dimension() >= 2 && shape.get(0) == images && shape.size() == images * shape.get(1);
            if (!rows || shape.size() == 0) {
                return Optional.empty();
            }
            float[] all = outputs.get(0).toType(DataType.FLOAT32, false).toFloatArray();
            return Optional.of(Arrays.copyOf(all, all.length / images));
        }
    }
}
