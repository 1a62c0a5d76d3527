package org.netdissect.architecture.pickled;

import java.util.List;
import java.util.Map;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Convolutions and linear layers of torch.nn as a pickle has them (torch/nn/modules/conv.py, linear.py). */
final class PickledConvolutions {
    private PickledConvolutions() {}

    static void addTo(Map<String, PickledLayer.Reader> layers) {
        layers.put("Conv2d", PickledConvolutions::convolution);
        layers.put("ConvTranspose2d", PickledConvolutions::transposed);
        layers.put("Linear", layer -> {
            ModuleBuilder builder = layer.builder();
            String weight = weight(layer, builder, 2);
            return builder.returns("torch.linear(x, " + weight + ", " + layer.parameter(builder, "bias") + ")")
                    .build();
        });
    }

    private static String weight(PickledLayer layer, ModuleBuilder builder, int rank) {
        if (layer.sizes("weight").filter(sizes -> sizes.size() == rank).isEmpty()) {
            throw layer.refused("it has no weight of " + rank + " dimensions");
        }
        return layer.parameter(builder, "weight");
    }

    private static ModuleSpec convolution(PickledLayer layer) {
        ModuleBuilder builder = layer.builder();
        String weight = weight(layer, builder, 4);
        String bias = layer.parameter(builder, "bias");
        List<Long> dilation = layer.wholes("dilation", 2, 1);
        boolean named = layer.isText("padding");
        String padding = named ? same(layer) : layer.wholes("padding", 2).toString();
        String mode = layer.text("padding_mode", "zeros");
        if (!mode.equals("zeros")) {
            if (!List.of("reflect", "replicate", "circular").contains(mode)) {
                throw layer.refused("its padding_mode is unknown");
            }
            builder.let("x", "torch.pad(x, " + margins(layer, dilation, named) + ", \"" + mode + "\")");
            padding = "[0, 0]";
        }
        return builder.returns("torch.conv2d(x, " + weight + ", " + bias + ", " + layer.wholes("stride", 2) + ", "
                        + padding + ", " + dilation + ", " + layer.whole("groups") + ")")
                .build();
    }

    /** The named paddings as code. */
    private static String same(PickledLayer layer) {
        return switch (layer.text("padding", "")) {
            case "valid" -> "[0, 0]";
            case "same" -> "\"same\"";
            default -> throw layer.refused("its padding is neither numbers nor same or valid");
        };
    }

    /** Padding left, right, above, below; for {@code same}, one more right and below if it is odd. */
    private static List<Long> margins(PickledLayer layer, List<Long> dilation, boolean named) {
        if (!named) {
            List<Long> padding = layer.wholes("padding", 2);
            return List.of(padding.get(1), padding.get(1), padding.get(0), padding.get(0));
        } else if (layer.text("padding", "").equals("valid")) {
            return List.of(0L, 0L, 0L, 0L);
        }
        List<Long> weight = layer.sizes("weight").orElseThrow();
        long high = dilation.get(0) * (weight.get(2) - 1);
        long wide = dilation.get(1) * (weight.get(3) - 1);
        return List.of(wide / 2, wide - wide / 2, high / 2, high - high / 2);
    }

    private static ModuleSpec transposed(PickledLayer layer) {
        ModuleBuilder builder = layer.builder();
        String weight = weight(layer, builder, 4);
        String bias = layer.parameter(builder, "bias");
        return builder.returns("torch.conv_transpose2d(x, " + weight + ", " + bias + ", " + layer.wholes("stride", 2)
                        + ", " + layer.wholes("padding", 2) + ", " + layer.wholes("output_padding", 2, 0) + ", "
                        + layer.whole("groups") + ", " + layer.wholes("dilation", 2, 1) + ")")
                .build();
    }
}
