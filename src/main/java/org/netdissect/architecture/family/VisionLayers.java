package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Blocks that several families of torchvision share (torchvision/ops). */
final class VisionLayers {
    private static final String MISC = "torchvision.ops.misc.";

    private VisionLayers() {}

    /** A convolution without bias that keeps the size at stride 1, batch norm and, if any, an activation. */
    static ModuleSpec convNormActivation(Conv conv, double eps, ModuleSpec... activation) {
        return convNormActivation(MISC + "Conv2dNormActivation", conv, eps, activation);
    }

    /** The same under another class. */
    static ModuleSpec convNormActivation(String type, Conv conv, double eps, ModuleSpec... activation) {
        List<ModuleSpec> layers = new ArrayList<>();
        layers.add(conv.padding(conv.kernel() / 2).withoutBias().build());
        layers.add(Layers.batchNorm(conv.out(), eps));
        layers.addAll(List.of(activation));
        return Layers.sequential(type, layers);
    }

    /** Squeeze and excitation: channels are scaled by a function of their averages. */
    static ModuleSpec squeezeExcitation(int channels, int squeezed, ModuleSpec activation, ModuleSpec scaleActivation) {
        return new ModuleBuilder(MISC + "SqueezeExcitation")
                .child("avgpool", Layers.adaptiveAvgPool(1, 1))
                .child("fc1", new Conv(channels, squeezed, 1).build())
                .child("fc2", new Conv(squeezed, channels, 1).build())
                .child("activation", activation)
                .child("scale_activation", scaleActivation)
                .run("scale", INPUT, "avgpool", "fc1", "activation", "fc2", "scale_activation")
                .returns("torch.mul(scale, x)")
                .build();
    }

    /** Stochastic depth, which hands on its input in evaluation mode. */
    static ModuleSpec stochasticDepth() {
        return Layers.function("torchvision.ops.stochastic_depth.StochasticDepth", INPUT);
    }

    /**
     * Channels times a width, rounded to a multiple of 8, but never down by more than a tenth (_make_divisible of
     * torchvision/models/_utils.py).
     */
    static int scaled(int channels, double width) {
        double exact = channels * width;
        int rounded = Math.max(8, (int) (exact + 4) / 8 * 8);
        return rounded < 0.9 * exact ? rounded + 8 : rounded;
    }
}
