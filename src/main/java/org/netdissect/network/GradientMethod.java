package org.netdissect.network;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.netdissect.base.RunException;

/**
 * A method of the archive of a network that was loaded for gradients. It takes and returns {@code Dict[str, Tensor]}; its results
 * must be detached. Thread-safe as the network is.
 */
public final class GradientMethod {
    private static final String DICTIONARY = "arguments.";

    private final LoadedNetwork network;
    private final String name;
    private final boolean gradients;

    /** The method of this name; the network must have been loaded for gradients. */
    public GradientMethod(LoadedNetwork network, String name) {
        this(network, name, true);
    }

    private GradientMethod(LoadedNetwork network, String name, boolean gradients) {
        this.network = network;
        this.name = name;
        this.gradients = gradients;
    }

    /**
     * A method that needs no gradients. Otherwise the engine keeps the outputs of all layers until its end, as the
     * weights could have some.
     */
    public static GradientMethod withoutGradients(LoadedNetwork network, String name) {
        return new GradientMethod(network, name, false);
    }

    /**
     * Runs the method.
     *
     * @throws RunException with the engine's line where the method or the network fails
     */
    public Map<String, FloatTensor> call(Map<String, FloatTensor> arguments) {
        try (NDManager manager = network.newManager()) {
            NDList inputs = new NDList();
            arguments.forEach((key, tensor) -> {
                NDArray array =
                        manager.create(FloatBuffer.wrap(tensor.values()), new Shape(tensor.shape()), DataType.FLOAT32);
                array.setName(DICTIONARY + key);
                inputs.add(array);
            });
            Map<String, FloatTensor> results = new LinkedHashMap<>();
            for (NDArray array : network.runMethod(manager, name, inputs, gradients)) {
                results.put(
                        array.getName(),
                        new FloatTensor(array.toFloatArray(), array.getShape().getShape()));
            }
            return results;
        } catch (EngineException e) {
            throw new RunException("the engine fails in " + name + ": " + EngineErrors.oneLine(e), e);
        }
    }
}
