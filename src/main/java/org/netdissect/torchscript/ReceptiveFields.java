package org.netdissect.torchscript;

import java.util.Map;
import java.util.Optional;
import org.netdissect.base.GridSize;

/**
 * Receptive fields of the units of a network's layers, derived from its code: convolutions, poolings, padding, dilation,
 * strides, concatenations and sums. What is derived is exact; where that cannot be, there is a reason.
 */
public final class ReceptiveFields {
    private static final String WHOLE_IMAGE = "its units see the whole image";

    private final Map<String, Value.State> outputs;
    private final String failure;

    private ReceptiveFields(Map<String, Value.State> outputs, String failure) {
        this.outputs = outputs;
        this.failure = failure;
    }

    static ReceptiveFields of(FieldWalk walk, ModuleClass network, boolean takesTensor, GridSize input) {
        Value image = takesTensor
                ? Value.of(Layout.image(3, input.height(), input.width()), "")
                : Value.lost("the network's input, which is no Tensor");
        try {
            return new ReceptiveFields(walk.outputs(network, image), "");
        } catch (FieldWalk.TooMuch e) {
            return none(String.valueOf(e.getMessage()));
        }
    }

    static ReceptiveFields none(String why) {
        return new ReceptiveFields(Map.of(), why);
    }

    /** The fields of a layer's units; empty where there is an {@link #obstacle}. */
    public Optional<ReceptiveField> of(String layer) {
        Value.State output = outputs.get(layer);
        return output == null ? Optional.empty() : output.layout().flatMap(ReceptiveFields::field);
    }

    private static Optional<ReceptiveField> field(Layout layout) {
        boolean maps = layout.rank() == 4
                && layout.dim(2).kind() == Dim.Kind.ROWS
                && layout.dim(3).kind() == Dim.Kind.COLUMNS;
        return !maps
                ? Optional.empty()
                : layout.dim(2)
                        .field()
                        .flatMap(rows -> layout.dim(3)
                                .field()
                                .map(columns -> new ReceptiveField(rows, columns, layout.wholeImage())));
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
            return "its output is no map of [images, units, height, width]";
        }
        return layout.wholeImage() ? WHOLE_IMAGE : "it does not depend on the image";
    }
}
