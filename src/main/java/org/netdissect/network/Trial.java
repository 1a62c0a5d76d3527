package org.netdissect.network;

import ai.djl.engine.EngineException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;

/**
 * First passes of a network, over one or two images. They decide how later passes run, or refuse the network.
 *
 * <p>An image's activations have to depend on that image alone. A network that draws random numbers (a dropout that is
 * on) gives other activations in a second pass and is refused. A network that mixes the images of a batch (by a
 * normalisation over it, or a batch of one that was traced into the code) gives other activations for two images than
 * for each alone and runs one image at a time. The other memory format is tried last, so that it is not blamed for
 * either.
 */
final class Trial {
    static final int PAIR = 2;
    static final String RANDOM = "gives other activations when the same images pass again: the network draws random "
            + "numbers, as by a dropout that is on, or keeps something from pass to pass; export it again after "
            + "model.eval(), or choose a layer before that";

    private final TappedForward network;
    private final InputBatch input;
    private final MemoryFormat wanted;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, LayerSize> layers = new LinkedHashMap<>();

    private Trial(TappedForward network, InputBatch input, MemoryFormat wanted) {
        this.network = network;
        this.input = input;
        this.wanted = wanted;
    }

    /** Units of a layer and the size of their maps. */
    record LayerSize(int units, GridSize map) {}

    /**
     * Conditions of later passes of a network.
     *
     * @param oneByOne whether a pass may hold no more than one image
     * @param layers sizes of the layers' outputs for an image
     * @param notes reasons, for the user, why it runs otherwise than asked for
     */
    record Outcome(boolean oneByOne, Map<String, LayerSize> layers, List<String> notes) {}

    /**
     * Tries a network, and sets it to {@code wanted} if it gives the same activations in that memory format.
     *
     * @param input one image, or {@link #PAIR} where passes are to have several; the second changes if they are equal
     * @throws InputException where a layer has no maps, or an image's activations depend on more than that image even
     *     where it is alone
     * @throws RunException where the network fails
     */
    static Outcome of(TappedForward network, InputBatch input, MemoryFormat wanted) {
        if (input.images() == PAIR) {
            distinguish(input);
        }
        Trial trial = new Trial(network, input, wanted);
        boolean together = input.images() == PAIR && trial.together();
        if (input.images() == 1) {
            trial.alone();
        }
        return new Outcome(!together, Map.copyOf(trial.layers), List.copyOf(trial.notes));
    }

    /** Replaces the second image of a pair by another, of half its brightness, if it equals the first. */
    private static void distinguish(InputBatch pair) {
        ByteBuffer bytes = pair.values();
        FloatBuffer values = bytes.duplicate().order(bytes.order()).clear().asFloatBuffer();
        int count = values.capacity() / PAIR;
        if (values.slice(0, count).equals(values.slice(count, count))) {
            for (int i = 0; i < count; i++) {
                values.put(count + i, values.get(i) / 2 + 0.25f);
            }
        }
    }

    /** Whether two images can share a pass; if not, the network is tried with one. */
    private boolean together() {
        LayerOutputs outputs;
        try {
            outputs = forward(0, PAIR);
        } catch (InputException | RunException e) {
            oneByOne(e, "it fails on two images (" + reason(e) + ")");
            return false;
        }
        try (LayerOutputs both = outputs) {
            requireRepeatable(both, PAIR);
            Optional<String> mixed = mixed(both);
            if (mixed.isEmpty()) {
                settle(both, PAIR);
                return true;
            }
            String dependence =
                    "in layer " + mixed.get() + " an image's activations depend on the other images of its batch";
            requireMoreThanRounding(both, dependence);
            oneByOne(new InputException(dependence), dependence);
            return false;
        }
    }

    /** Reason of a failure: the engine's line alone, where the engine failed. */
    private static String reason(RuntimeException e) {
        return e.getCause() instanceof EngineException cause
                ? EngineErrors.oneLine(cause)
                : String.valueOf(e.getMessage());
    }

    private void oneByOne(RuntimeException failure, String why) {
        LayerOutputs outputs;
        try {
            outputs = forward(0, 1);
        } catch (InputException | RunException e) {
            failure.addSuppressed(e);
            throw failure;
        }
        try (LayerOutputs one = outputs) {
            requireRepeatable(one, 1);
            if (failure instanceof InputException meaningless && dependsOnNoImage(one)) {
                throw meaningless;
            }
            notes.add("the network runs one image at a time, as with --batch 1: " + why);
            settle(one, 1);
        }
    }

    private void alone() {
        try (LayerOutputs one = forward(0, 1)) {
            requireRepeatable(one, 1);
            settle(one, 1);
        }
    }

    /** Refuses networks that normalise an image by itself, value by value: it is zero but for rounding. */
    private void requireMoreThanRounding(LayerOutputs both, String dependence) {
        try (LayerOutputs one = alone(0)) {
            one.layers().forEach((layer, output) -> {
                if (output.largest() < LayerOutput.ROUNDING * both.layer(layer).largest()) {
                    throw new InputException(dependence + ", and alone an image gives nothing but rounding; export the "
                            + "network again after model.eval(), with statistics for its batch norms");
                }
            });
        }
    }

    /**
     * Whether a layer gives the same for another image, as embeddings of positions and batch norm over one value do.
     */
    private boolean dependsOnNoImage(LayerOutputs one) {
        try (LayerOutputs other = forward(1, 1)) {
            return one.layers().entrySet().stream()
                    .anyMatch(entry -> entry.getValue().isCloseTo(other.layer(entry.getKey()), 0));
        }
    }

    /** The first layer in which an image's activations depend on the other image of its batch, if there is one. */
    private Optional<String> mixed(LayerOutputs both) {
        for (int image = 0; image < PAIR; image++) {
            try (LayerOutputs alone = alone(image)) {
                for (String layer : both.layers().keySet()) {
                    LayerOutput one = alone.layer(layer).image(0, alone.images());
                    if (!one.isCloseTo(both.layer(layer).image(image, PAIR), network.rounding())) {
                        return Optional.of(layer);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Runs one image, or two copies of it where the network takes no single one, as after {@code squeeze}. */
    private LayerOutputs alone(int image) {
        try {
            return forward(image, 1);
        } catch (InputException | RunException e) {
            ByteBuffer once = input.part(image, 1).values();
            ByteBuffer twice =
                    ByteBuffer.allocateDirect(PAIR * input.bytesPerImage()).order(once.order());
            twice.put(once.duplicate()).put(once.duplicate());
            return network.forward(
                    MemoryFormat.CONTIGUOUS, new InputBatch(twice.clear(), PAIR, input.channels(), input.size()));
        }
    }

    private void requireRepeatable(LayerOutputs first, int images) {
        try (LayerOutputs second = forward(0, images)) {
            first.layers().forEach((layer, output) -> {
                if (!output.hasBytesOf(second.layer(layer))) {
                    requireRounding(layer, output, second.layer(layer));
                }
            });
        }
    }

    private void requireRounding(String layer, LayerOutput first, LayerOutput second) {
        if (!first.isCloseTo(second, LayerOutput.LAST_DIGITS)) {
            throw new InputException("layer " + layer + " " + RANDOM);
        }
        notes.add("layer " + layer + ": the same pass again differs in last digits, so that no two runs are equal");
    }

    /** Takes the layers' sizes, and tries the memory format, once the number of images in a pass is settled. */
    private void settle(LayerOutputs outputs, int images) {
        outputs.layers().forEach((layer, output) -> layers.put(layer, new LayerSize(output.units(), output.map())));
        if (wanted == MemoryFormat.CHANNELS_LAST && !network.isShort()) {
            Optional<String> obstacle = obstacle(outputs, images);
            if (obstacle.isEmpty()) {
                network.use(wanted);
            } else {
                notes.add(
                        "the network runs slower than it might, as it does not take channels-last: " + obstacle.get());
            }
        }
    }

    private Optional<String> obstacle(LayerOutputs plain, int images) {
        try (LayerOutputs other = network.forward(wanted, input.part(0, images))) {
            return plain.layers().keySet().stream()
                    .filter(layer -> !other.layer(layer).isCloseTo(plain.layer(layer), network.rounding()))
                    .findFirst()
                    .map(layer -> "layer " + layer + " gives other activations");
        } catch (RunException | InputException e) {
            return Optional.of(reason(e));
        }
    }

    private LayerOutputs forward(int first, int images) {
        return network.forward(MemoryFormat.CONTIGUOUS, input.part(first, images));
    }
}
