package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/**
 * Blocks of timm's mobile networks (timm/models/_efficientnet_blocks.py).
 *
 * @param eps of batch norms
 * @param same whether convolutions of stride 2 are padded as TensorFlow's
 */
record TimmBlocks(double eps, boolean same) {
    private static final String TYPE = "timm.models._efficientnet_blocks.";

    /**
     * Numbers of a block.
     *
     * @param fused whether the first two convolutions are one; they are the only ones if {@code inside} is the input's
     * @param inside channels between its convolutions
     * @param squeeze squeeze and excitation, or the identity
     */
    record Block(
            boolean fused, int kernel, int stride, int inside, int out, ModuleSpec squeeze, ModuleSpec activation) {}

    /** A convolution of single places. */
    ModuleSpec pointwise(int in, int out) {
        return conv(new Conv(in, out, 1));
    }

    /** The first convolution. */
    ModuleSpec stem(int out) {
        return conv(new Conv(3, out, 3).stride(2));
    }

    ModuleSpec norm(int channels, ModuleSpec activation) {
        return TimmLayers.batchNormAct(channels, eps, activation);
    }

    /** Stages of blocks; {@code stageIn} are the channels before the first one. */
    ModuleSpec stages(int stageIn, List<List<Block>> stages) {
        int in = stageIn;
        List<ModuleSpec> all = new ArrayList<>();
        for (List<Block> stage : stages) {
            List<ModuleSpec> blocks = new ArrayList<>();
            for (Block block : stage) {
                blocks.add(block(in, block));
                in = block.out();
            }
            all.add(Layers.sequential(blocks));
        }
        return Layers.sequential(all);
    }

    private ModuleSpec block(int in, Block block) {
        Map<String, ModuleSpec> layers = new LinkedHashMap<>();
        int inside = block.inside();
        boolean expanded = inside != in;
        String type;
        if (block.fused() && !expanded) {
            type = "ConvBnAct";
            layers.put("conv", conv(new Conv(in, block.out(), block.kernel()).stride(block.stride())));
            layers.put("bn1", norm(block.out(), block.activation()));
            layers.put("aa", Layers.identity());
        } else if (block.fused()) {
            type = "EdgeResidual";
            layers.put("conv_exp", conv(new Conv(in, inside, block.kernel()).stride(block.stride())));
            layers.put("bn1", norm(inside, block.activation()));
            squeezeAndProject(layers, block, "conv_pwl", "bn2");
        } else if (!expanded) {
            type = "DepthwiseSeparableConv";
            layers.put("conv_dw", depthwise(block));
            layers.put("bn1", norm(in, block.activation()));
            squeezeAndProject(layers, block, "conv_pw", "bn2");
        } else {
            type = "InvertedResidual";
            layers.put("conv_pw", pointwise(in, inside));
            layers.put("bn1", norm(inside, block.activation()));
            layers.put("conv_dw", depthwise(block));
            layers.put("bn2", norm(inside, block.activation()));
            squeezeAndProject(layers, block, "conv_pwl", "bn3");
        }
        return built(type, layers, block.stride() == 1 && in == block.out());
    }

    private void squeezeAndProject(Map<String, ModuleSpec> layers, Block block, String project, String norm) {
        layers.put("aa", Layers.identity());
        layers.put("se", block.squeeze());
        layers.put(project, pointwise(block.inside(), block.out()));
        layers.put(norm, norm(block.out(), Layers.identity()));
    }

    private static ModuleSpec built(String type, Map<String, ModuleSpec> layers, boolean residual) {
        ModuleBuilder block = new ModuleBuilder(TYPE + type);
        layers.forEach(block::child);
        block.child("drop_path", Layers.identity())
                .run("y", INPUT, layers.keySet().toArray(String[]::new));
        if (residual) {
            block.run("y", "y", "drop_path").let("y", "torch.add(y, x)");
        }
        return block.returns("y").build();
    }

    private ModuleSpec depthwise(Block block) {
        int inside = block.inside();
        return conv(
                new Conv(inside, inside, block.kernel()).stride(block.stride()).groups(inside));
    }

    private ModuleSpec conv(Conv conv) {
        return same && conv.stride() > 1
                ? TimmLayers.conv2dSame(conv)
                : conv.padding(conv.kernel() / 2).withoutBias().build();
    }

    /** Squeeze and excitation: channels are scaled by a function of their averages. */
    static ModuleSpec squeezeExcite(int channels, int squeezed, ModuleSpec activation, ModuleSpec gate) {
        return new ModuleBuilder(TYPE + "SqueezeExcite")
                .child("conv_reduce", new Conv(channels, squeezed, 1).build())
                .child("act1", activation)
                .child("conv_expand", new Conv(squeezed, channels, 1).build())
                .child("gate", gate)
                .let("scale", "torch.mean(x, [2, 3], True)")
                .run("scale", "scale", "conv_reduce", "act1", "conv_expand", "gate")
                .returns("torch.mul(x, scale)")
                .build();
    }
}
