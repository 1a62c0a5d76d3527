package org.netdissect.torchscript;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What runs along the dimensions of each layer's output, and the receptive fields of its units, derived from the network's
 * code: convolutions, poolings, padding, dilation, strides, concatenations and sums. What is derived is exact; where that
 * cannot be, there is a reason.
 */
public final class ReceptiveFields {
    private static final String WHOLE_IMAGE = "its units see the whole image";

    private final Map<String, Value.State> outputs;
    /** by layer; each batch asks for it */
    private final Map<String, Reading> readings = new ConcurrentHashMap<>();

    private final String failure;

    private ReceptiveFields(Map<String, Value.State> outputs, String failure) {
        this.outputs = outputs;
        this.failure = failure;
    }

    /**
     * Follows the code for two images, and for one what cannot be followed so: some traced networks have a batch of one
     * built in.
     *
     * @param image a batch of two; empty where the network takes no tensor
     */
    static ReceptiveFields of(Supplier<FieldWalk> walks, ModuleClass network, Optional<Layout> image) {
        try {
            Map<String, Value.State> outputs = new HashMap<>(outputs(walks.get(), network, image));
            if (!outputs.values().stream().allMatch(ReceptiveFields::hasMaps)) {
                outputs(walks.get(), network, image.map(two -> two.with(0, Dim.images(1))))
                        .forEach((layer, state) -> {
                            if (hasMaps(state)) {
                                outputs.merge(layer, state, (two, one) -> hasMaps(two) ? two : one);
                            }
                        });
            }
            return new ReceptiveFields(outputs, "");
        } catch (FieldWalk.TooMuch e) {
            return none(String.valueOf(e.getMessage()));
        }
    }

    private static boolean hasMaps(Value.State state) {
        return state.layout().map(MapReader::read).orElse(null) instanceof Reading.Maps;
    }

    private static Map<String, Value.State> outputs(FieldWalk walk, ModuleClass network, Optional<Layout> image) {
        return walk.outputs(
                network,
                image.map(layout -> Value.of(layout, ""))
                        .orElseGet(() -> Value.lost("the network's input, which is no Tensor")));
    }

    static ReceptiveFields none(String why) {
        return new ReceptiveFields(Map.of(), why);
    }

    /** How a layer's output is read as maps of units. */
    public Reading reading(String layer) {
        return readings.computeIfAbsent(layer, this::read);
    }

    private Reading read(String layer) {
        Value.State output = outputs.get(layer);
        if (!failure.isEmpty()) {
            return new Reading.Unknown(failure);
        } else if (output == null) {
            return new Reading.Unknown("its code is not reached");
        } else if (output.layout().isEmpty()) {
            return new Reading.Unknown(output.lost().isEmpty() ? "nothing is known of its output" : output.lost());
        }
        return MapReader.read(output.layout().get());
    }

    /** The fields of a layer's units; empty where there is an {@link #obstacle}. */
    public Optional<ReceptiveField> of(String layer) {
        Value.State output = outputs.get(layer);
        return output == null ? Optional.empty() : output.layout().flatMap(MapReader::field);
    }

    /** Why a layer's fields cannot be told; empty where they can. */
    public String obstacle(String layer) {
        Value.State output = outputs.get(layer);
        if (!failure.isEmpty()) {
            return failure;
        } else if (output == null) {
            return "its code is not reached";
        } else if (output.layout().isEmpty()) {
            return output.lost().isEmpty() ? "it does not depend on the image" : output.lost();
        } else if (of(layer).isPresent()) {
            return "";
        }
        return obstacle(output.layout().get());
    }

    private static String obstacle(Layout layout) {
        if (layout.hasPlaces()) {
            return layout.fieldless().isEmpty()
                    ? "its output is no map of [images, units, height, width]"
                    : layout.fieldless();
        }
        return layout.wholeImage() ? WHOLE_IMAGE : "it does not depend on the image";
    }
}
