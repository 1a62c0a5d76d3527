package org.netdissect.architecture.pickled;

import java.util.List;
import java.util.Map;
import org.netdissect.torchscript.assembly.ModuleBuilder;

/** Layers of torch.nn that move, pad or hand on numbers, as a pickle has them. */
final class PickledShapes {
    private PickledShapes() {}

    static void addTo(Map<String, PickledLayer.Reader> layers) {
        // evaluation hands on the input of dropout
        for (String name : List.of(
                "Identity", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout")) {
            layers.put(name, layer -> layer.function(ModuleBuilder.INPUT));
        }
        layers.put(
                "Flatten",
                layer -> layer.function(
                        "torch.flatten(x, " + layer.whole("start_dim") + ", " + layer.whole("end_dim") + ")"));
        layers.put(
                "Unflatten",
                layer -> layer.function(
                        "torch.unflatten(x, " + layer.whole("dim") + ", " + layer.list("unflattened_size") + ")"));
        layers.put(
                "ZeroPad2d",
                layer -> layer.function("torch.constant_pad_nd(x, " + layer.wholes("padding", 4) + ", 0)"));
        layers.put(
                "ConstantPad2d",
                layer -> layer.function(
                        "torch.constant_pad_nd(x, " + layer.wholes("padding", 4) + ", " + layer.real("value") + ")"));
        layers.put(
                "ReflectionPad2d",
                layer -> layer.function("torch.reflection_pad2d(x, " + layer.wholes("padding", 4) + ")"));
        layers.put(
                "ReplicationPad2d",
                layer -> layer.function("torch.replication_pad2d(x, " + layer.wholes("padding", 4) + ")"));
        layers.put(
                "PixelShuffle",
                layer -> layer.function("torch.pixel_shuffle(x, " + layer.whole("upscale_factor") + ")"));
        layers.put(
                "PixelUnshuffle",
                layer -> layer.function("torch.pixel_unshuffle(x, " + layer.whole("downscale_factor") + ")"));
        layers.put(
                "ChannelShuffle", layer -> layer.function("torch.channel_shuffle(x, " + layer.whole("groups") + ")"));
    }
}
