package org.netdissect.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.torchscript.InputContract;
import org.netdissect.torchscript.TorchScriptArchive;

/** Forward passes of a network that give the outputs of its tapped layers. Thread-safe as the network is. */
public final class TappedForward {
    private final LoadedNetwork network;
    private final LayerReader reader;
    private volatile MemoryFormat format = MemoryFormat.CONTIGUOUS;

    /** Passes of {@code network} whose outputs are read as {@code maps} says. */
    public TappedForward(LoadedNetwork network, LayerMaps maps) {
        this.network = network;
        this.reader = new LayerReader(network, maps);
    }

    /**
     * Runs one forward pass of a batch.
     *
     * @return the tapped layers' outputs, to be closed
     * @throws InputException where a layer was not reached or its output has no maps
     * @throws RunException where the network itself fails
     */
    public LayerOutputs forward(InputBatch batch) {
        return forward(format, batch);
    }

    /** Sets the memory format of all later passes. */
    void use(MemoryFormat later) {
        format = later;
    }

    /** Runs one forward pass in this memory format, whichever is {@link #use in use}. */
    LayerOutputs forward(MemoryFormat order, InputBatch batch) {
        String method = order == MemoryFormat.CHANNELS_LAST
                ? TorchScriptArchive.TAPPED_CHANNELS_LAST_METHOD
                : TorchScriptArchive.TAPPED_METHOD;
        NDManager manager = network.newManager();
        boolean done = false;
        try {
            NDList outputs = network.run(manager, method, batch);
            Map<String, LayerOutput> results = new LinkedHashMap<>();
            for (String layer : network.layers()) {
                NDArray array = LayerReader.byName(outputs, layer);
                if (array == null) {
                    throw new InputException("layer " + layer + " was not reached by the forward pass; choose another");
                }
                results.put(layer, reader.output(layer, array, batch));
            }
            done = true;
            return new LayerOutputs(batch.images(), results, manager::close);
        } finally {
            if (!done) {
                manager.close();
            }
        }
    }

    /**
     * Whether the network must run one image at a time, by {@link Trial a trial} with two.
     *
     * @param pair two images
     * @param notes takes the reasons
     * @throws InputException where a layer has no maps, or its activations are random
     */
    public boolean runsOneByOne(InputBatch pair, Consumer<String> notes) {
        Trial.Outcome outcome = Trial.of(this, pair, MemoryFormat.CONTIGUOUS);
        outcome.notes().forEach(notes);
        return outcome.oneByOne();
    }

    LoadedNetwork network() {
        return network;
    }

    /** Whether the network computes in 16 bits: there another order of sums changes more than last digits. */
    boolean isShort() {
        return network.type() == InputContract.NumberType.HALF || network.type() == InputContract.NumberType.BFLOAT16;
    }

    /** Largest difference due to rounding, as a fraction of a layer's largest activation. */
    float rounding() {
        return switch (network.type()) {
            case FLOAT, DOUBLE -> LayerOutput.ROUNDING;
            // their mantissas have 11 and 8 binary digits, some of which layers lose
            case HALF -> 1e-2f;
            case BFLOAT16 -> 1e-1f;
        };
    }

    /** Axes that shifted images showed, as option {@code --axes} takes them, by layer. */
    public Map<String, String> foundByShifting() {
        return reader.foundByShifting();
    }
}
