package org.netdissect.torchscript.field;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Axes of each layer's output and receptive fields of its units, derived from the network's code: convolutions,
 * poolings, padding, dilation, strides, concatenations and sums. Derived fields are exact; otherwise an obstacle is
 * reported.
 */
public final class ReceptiveFields {
    private static final String WHOLE_IMAGE = "its units see the whole image";

    private final Map<String, Value.State> outputs;
    /** by layer, since each batch asks */
    private final Map<String, Reading> readings = new ConcurrentHashMap<>();

    private final String failure;

    private ReceptiveFields(Map<String, Value.State> outputs, String failure) {
        this.outputs = outputs;
        this.failure = failure;
    }

    /**
     * Derives the fields by following the code over the sizes of an input; no weight is read. Where that fails, all
     * layers have an obstacle.
     *
     * @param input size of the network's input
     */
    public static ReceptiveFields of(TorchScriptArchive archive, GridSize input) throws IOException {
        try {
            ModuleAttributes attributes =
                    new ModuleAttributes(archive.attributes(), archive.constants(), archive::scalar);
            Optional<Layout> image = archive.inputTypes().stream().findFirst().equals(Optional.of("Tensor"))
                    ? Optional.of(Layout.image(
                            archive.fixedBatch().orElse(2),
                            archive.input().channels().orElse(3),
                            input.height(),
                            input.width()))
                    : Optional.empty();
            return new ReceptiveFields(derived(archive, attributes, image), "");
        } catch (InputException | FieldWalk.TooMuch e) {
            return new ReceptiveFields(Map.of(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Follows the code for a batch of two images, or as many as it is made for, and layers without maps for a batch of
     * one: some traced networks have a batch of one built in.
     *
     * @param image such a batch; empty if the network takes no tensor
     */
    private static Map<String, Value.State> derived(
            TorchScriptArchive archive, ModuleAttributes attributes, Optional<Layout> image) {
        Map<String, Value.State> outputs = new HashMap<>(outputs(archive, attributes, image));
        if (!outputs.values().stream().allMatch(ReceptiveFields::hasMaps)) {
            outputs(archive, attributes, image.map(two -> two.with(0, Dim.images(1))))
                    .forEach((layer, state) -> {
                        if (hasMaps(state)) {
                            outputs.merge(layer, state, (two, one) -> hasMaps(two) ? two : one);
                        }
                    });
        }
        return outputs;
    }

    private static boolean hasMaps(Value.State state) {
        return state.layout().map(MapReader::read).orElse(null) instanceof Reading.Maps;
    }

    private static Map<String, Value.State> outputs(
            TorchScriptArchive archive, ModuleAttributes attributes, Optional<Layout> image) {
        Value input = image.map(layout -> Value.of(layout, ""))
                .orElseGet(() -> Value.lost("the network's input, which is no Tensor"));
        return new FieldWalk(archive.classes(), attributes).outputs(archive.rootClass(), input);
    }

    /** Derives how a layer's output is read as maps of units. */
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

    /** The fields of a layer's units; empty if there is an {@link #obstacle}. */
    public Optional<ReceptiveField> of(String layer) {
        Value.State output = outputs.get(layer);
        return output == null ? Optional.empty() : output.layout().flatMap(MapReader::field);
    }

    /** Reason for a layer's unknown fields; empty if they are known. */
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
