package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Swin transformers with torchvision's names (torchvision/models/swin_transformer.py). */
final class Swins implements Family {
    private static final String TYPE = "torchvision.models.swin_transformer.";
    private static final double EPS = 1e-5;

    /**
     * Numbers of a network.
     *
     * @param blocks by stage
     * @param heads of attention in the first stage
     * @param channels of the first stage
     * @param second whether it is of the second version, with cosine attention and norms after the layers
     */
    private record Plan(List<Integer> blocks, int heads, int channels, boolean second) {
        String suffix() {
            return second ? "V2" : "";
        }
    }

    @Override
    public List<Architecture> known() {
        List<Architecture> all = new ArrayList<>();
        for (boolean second : new boolean[] {false, true}) {
            String name = second ? "swin_v2_" : "swin_";
            all.add(architecture(name + "t", new Plan(List.of(2, 2, 6, 2), 3, 96, second)));
            all.add(architecture(name + "s", new Plan(List.of(2, 2, 18, 2), 3, 96, second)));
            all.add(architecture(name + "b", new Plan(List.of(2, 2, 18, 2), 4, 128, second)));
        }
        return all;
    }

    private static Architecture architecture(String name, Plan plan) {
        return new Architecture(name, "head.weight", classes -> network(plan, classes))
                .withInput(plan.second() ? 256 : 224, false);
    }

    private static ModuleSpec network(Plan plan, int classes) {
        List<ModuleSpec> features = new ArrayList<>();
        int channels = plan.channels();
        features.add(Layers.sequential(
                new Conv(3, channels, 4).stride(4).build(),
                TransformerLayers.permute(0, 2, 3, 1),
                Layers.layerNorm(channels, EPS)));
        for (int stage = 0; stage < plan.blocks().size(); stage++) {
            if (stage > 0) {
                features.add(merging(plan, channels));
                channels *= 2;
            }
            List<ModuleSpec> blocks = new ArrayList<>();
            for (int i = 0; i < plan.blocks().get(stage); i++) {
                blocks.add(block(plan, channels, plan.heads() << stage, i % 2 == 1));
            }
            features.add(Layers.sequential(blocks));
        }
        return new ModuleBuilder(TYPE + "SwinTransformer")
                .child("features", Layers.sequential(features))
                .child("norm", Layers.layerNorm(channels, EPS))
                .child("permute", TransformerLayers.permute(0, 3, 1, 2))
                .child("avgpool", Layers.adaptiveAvgPool(1, 1))
                .child("flatten", Layers.flatten())
                .child("head", Layers.linear(channels, classes))
                .runAll()
                .build();
    }

    private static ModuleSpec block(Plan plan, int channels, int heads, boolean shifted) {
        ModuleBuilder block = new ModuleBuilder(TYPE + "SwinTransformerBlock" + plan.suffix())
                .child("norm1", Layers.layerNorm(channels, EPS))
                .child("attn", new WindowAttention(channels, heads, shifted, plan.second()).build())
                .child("stochastic_depth", VisionLayers.stochasticDepth())
                .child("norm2", Layers.layerNorm(channels, EPS))
                .child("mlp", TransformerLayers.mlp(channels, 4 * channels));
        if (plan.second()) {
            block.run("y", INPUT, "attn", "norm1", "stochastic_depth")
                    .let(INPUT, "torch.add(x, y)")
                    .run("y", INPUT, "mlp", "norm2", "stochastic_depth");
        } else {
            block.run("y", INPUT, "norm1", "attn", "stochastic_depth")
                    .let(INPUT, "torch.add(x, y)")
                    .run("y", INPUT, "norm2", "mlp", "stochastic_depth");
        }
        return block.returns("torch.add(x, y)").build();
    }

    /** Joins each 2 x 2 places into one of twice the channels. */
    private static ModuleSpec merging(Plan plan, int channels) {
        ModuleBuilder merging = new ModuleBuilder(TYPE + "PatchMerging" + plan.suffix())
                .child("reduction", Layers.linear(4 * channels, 2 * channels, false))
                .child("norm", Layers.layerNorm((plan.second() ? 2 : 4) * channels, EPS))
                .let("below", "torch.remainder(torch.size(x, 1), 2)")
                .let("right", "torch.remainder(torch.size(x, 2), 2)")
                .let(INPUT, "torch.constant_pad_nd(x, [0, 0, 0, right, 0, below], 0)")
                .let("even", everySecond(INPUT, 1, 0))
                .let("odd", everySecond(INPUT, 1, 1))
                .let(
                        INPUT,
                        "torch.cat([" + everySecond("even", 2, 0) + ", " + everySecond("odd", 2, 0) + ", "
                                + everySecond("even", 2, 1) + ", " + everySecond("odd", 2, 1) + "], -1)");
        return (plan.second()
                        ? merging.run(INPUT, INPUT, "reduction", "norm")
                        : merging.run(INPUT, INPUT, "norm", "reduction"))
                .returns(INPUT)
                .build();
    }

    private static String everySecond(String value, int dimension, int first) {
        return "torch.slice(" + value + ", " + dimension + ", " + first + ", " + Long.MAX_VALUE + ", 2)";
    }
}
