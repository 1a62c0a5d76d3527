package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Layers that several of timm's networks share (timm/layers). */
final class TimmLayers {
    private static final String LAYERS = "timm.layers.";

    private TimmLayers() {}

    /** Batch norm and an activation in one module. */
    static ModuleSpec batchNormAct(int channels, double eps, ModuleSpec activation) {
        return Layers.batchNorm(LAYERS + "norm_act.BatchNormAct2d", channels)
                .let(ModuleBuilder.INPUT, Layers.normalised(eps))
                .child("drop", Layers.identity())
                .child("act", activation)
                .runAll()
                .build();
    }

    /** A convolution without bias, batch norm and an activation. */
    static ModuleSpec convNormAct(Conv conv, double eps, ModuleSpec activation) {
        return new ModuleBuilder(LAYERS + "conv_bn_act.ConvNormAct")
                .child("conv", conv.padding(conv.kernel() / 2).withoutBias().build())
                .child("bn", batchNormAct(conv.out(), eps, activation))
                .runAll()
                .build();
    }

    /**
     * A convolution of stride 2 without bias, padded as TensorFlow's {@code SAME}: images of an even side get one zero
     * more at the end than at the start.
     */
    static ModuleSpec conv2dSame(Conv conv) {
        int end = (conv.kernel() - 1) / 2;
        String height = "torch.add(torch.remainder(torch.size(x, 2), 2), " + (end - 1) + ")";
        String width = "torch.add(torch.remainder(torch.size(x, 3), 2), " + (end - 1) + ")";
        return new ModuleBuilder(LAYERS + "conv2d_same.Conv2dSame")
                .parameter("weight", conv.out(), conv.in() / conv.groups(), conv.kernel(), conv.kernel())
                .let("top", height)
                .let("left", width)
                .let(INPUT, "torch.constant_pad_nd(x, [left, " + end + ", top, " + end + "], 0)")
                .returns("torch.conv2d(x, self.weight, None, [2, 2], [0, 0], [1, 1], " + conv.groups() + ")")
                .build();
    }

    /** Averages over all places; {@code flat} without the dimensions of height and width. */
    static ModuleSpec globalPool(boolean flat) {
        return new ModuleBuilder(LAYERS + "adaptive_avgmax_pool.SelectAdaptivePool2d")
                .child("pool", Layers.adaptiveAvgPool(1, 1))
                .child("flatten", flat ? Layers.flatten() : Layers.identity())
                .runAll()
                .build();
    }

    /** Averages over all places and a linear layer. */
    static ModuleSpec classifierHead(int channels, int classes) {
        return new ModuleBuilder(LAYERS + "classifier.ClassifierHead")
                .child("global_pool", globalPool(true))
                .child("drop", Layers.dropout())
                .child("fc", Layers.linear(channels, classes))
                .child("flatten", Layers.identity())
                .runAll()
                .build();
    }

    /** Two linear layers with a GELU between them. */
    static ModuleSpec mlp(int channels, int hidden) {
        return new ModuleBuilder(LAYERS + "mlp.Mlp")
                .child("fc1", Layers.linear(channels, hidden))
                .child("act", Layers.gelu())
                .child("drop1", Layers.dropout())
                .child("norm", Layers.identity())
                .child("fc2", Layers.linear(hidden, channels))
                .child("drop2", Layers.dropout())
                .runAll()
                .build();
    }
}
