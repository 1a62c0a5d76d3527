package org.netdissect.architecture.pickled;

import java.util.List;
import java.util.Map;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Poolings and resizing of torch.nn as a pickle has them (torch/nn/modules/pooling.py, upsampling.py). */
final class PickledPoolings {
    private PickledPoolings() {}

    static void addTo(Map<String, PickledLayer.Reader> layers) {
        layers.put("MaxPool2d", PickledPoolings::maxPool);
        layers.put("AvgPool2d", PickledPoolings::avgPool);
        layers.put(
                "AdaptiveAvgPool2d",
                layer -> layer.function("torch.adaptive_avg_pool2d(x, " + layer.wholes("output_size", 2) + ")"));
        layers.put(
                "AdaptiveMaxPool2d",
                layer -> layer.builder()
                        .line("y, indices = torch.adaptive_max_pool2d(x, " + layer.wholes("output_size", 2) + ")")
                        .returns("y")
                        .build());
        layers.put("Upsample", PickledPoolings::upsample);
        layers.put("UpsamplingNearest2d", PickledPoolings::upsample);
        layers.put("UpsamplingBilinear2d", PickledPoolings::upsample);
    }

    private static ModuleSpec maxPool(PickledLayer layer) {
        if (layer.flag("return_indices")) {
            throw layer.refused("it returns indices, too");
        }
        List<Long> kernel = layer.wholes("kernel_size", 2);
        List<Long> stride = layer.lacks("stride") ? kernel : layer.wholes("stride", 2);
        return layer.function("torch.max_pool2d(x, " + kernel + ", " + stride + ", " + layer.wholes("padding", 2, 0)
                + ", " + layer.wholes("dilation", 2, 1) + ", " + layer.flagText("ceil_mode", false) + ")");
    }

    private static ModuleSpec avgPool(PickledLayer layer) {
        List<Long> kernel = layer.wholes("kernel_size", 2);
        List<Long> stride = layer.lacks("stride") ? kernel : layer.wholes("stride", 2);
        String divisor = layer.lacks("divisor_override") ? "None" : Long.toString(layer.whole("divisor_override"));
        return layer.function("torch.avg_pool2d(x, " + kernel + ", " + stride + ", " + layer.wholes("padding", 2, 0)
                + ", " + layer.flagText("ceil_mode", false) + ", " + layer.flagText("count_include_pad", true) + ", "
                + divisor + ")");
    }

    private static ModuleSpec upsample(PickledLayer layer) {
        boolean sized = !layer.lacks("size");
        String size = sized ? layer.wholes("size", 2).toString() : "None";
        String factor = sized ? "None" : "[" + String.join(", ", layer.reals("scale_factor", 2)) + "]";
        if (layer.flag("recompute_scale_factor")) {
            throw layer.refused("it recomputes its scale factor");
        }
        String corners = layer.flagText("align_corners", false);
        return switch (layer.text("mode", "nearest")) {
            case "nearest" -> layer.function("torch.upsample_nearest2d(x, " + size + ", " + factor + ")");
            case "bilinear" ->
                layer.function("torch.upsample_bilinear2d(x, " + size + ", " + corners + ", " + factor + ")");
            case "bicubic" ->
                layer.function("torch.upsample_bicubic2d(x, " + size + ", " + corners + ", " + factor + ")");
            default -> throw layer.refused("its mode is not read");
        };
    }
}
