package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** ConvNeXt with torchvision's names (torchvision/models/convnext.py). */
final class ConvNexts implements Family {
    private static final String TYPE = "torchvision.models.convnext.";
    static final double EPS = 1e-6;

    /**
     * Numbers of a network; both by stage.
     *
     * @param blocks number of blocks
     * @param channels width
     */
    record Plan(List<Integer> blocks, List<Integer> channels) {}

    static final Plan TINY = new Plan(List.of(3, 3, 9, 3), List.of(96, 192, 384, 768));
    static final Plan SMALL = new Plan(List.of(3, 3, 27, 3), List.of(96, 192, 384, 768));
    static final Plan BASE = new Plan(List.of(3, 3, 27, 3), List.of(128, 256, 512, 1024));
    static final Plan LARGE = new Plan(List.of(3, 3, 27, 3), List.of(192, 384, 768, 1536));

    @Override
    public List<Architecture> known() {
        return List.of(
                architecture("convnext_tiny", TINY),
                architecture("convnext_small", SMALL),
                architecture("convnext_base", BASE),
                architecture("convnext_large", LARGE));
    }

    private static Architecture architecture(String name, Plan plan) {
        return new Architecture(name, "classifier.2.weight", classes -> network(plan, classes));
    }

    private static ModuleSpec network(Plan plan, int classes) {
        List<ModuleSpec> features = new ArrayList<>();
        int in = plan.channels().get(0);
        features.add(Layers.sequential(
                "torchvision.ops.misc.Conv2dNormActivation",
                List.of(new Conv(3, in, 4).stride(4).build(), layerNorm(in))));
        for (int stage = 0; stage < plan.blocks().size(); stage++) {
            int channels = plan.channels().get(stage);
            if (stage > 0) {
                features.add(Layers.sequential(
                        layerNorm(in), new Conv(in, channels, 2).stride(2).build()));
            }
            List<ModuleSpec> blocks = new ArrayList<>();
            for (int i = 0; i < plan.blocks().get(stage); i++) {
                blocks.add(block(channels));
            }
            features.add(Layers.sequential(blocks));
            in = channels;
        }
        return new ModuleBuilder(TYPE + "ConvNeXt")
                .child("features", Layers.sequential(features))
                .child("avgpool", Layers.adaptiveAvgPool(1, 1))
                .child("classifier", Layers.sequential(layerNorm(in), Layers.flatten(), Layers.linear(in, classes)))
                .runAll()
                .build();
    }

    private static ModuleSpec block(int channels) {
        return new ModuleBuilder(TYPE + "CNBlock")
                .parameter("layer_scale", channels, 1, 1)
                .child(
                        "block",
                        Layers.sequential(
                                new Conv(channels, channels, 7)
                                        .padding(3)
                                        .groups(channels)
                                        .build(),
                                TransformerLayers.permute(0, 2, 3, 1),
                                Layers.layerNorm(channels, EPS),
                                Layers.linear(channels, 4 * channels),
                                Layers.gelu(),
                                Layers.linear(4 * channels, channels),
                                TransformerLayers.permute(0, 3, 1, 2)))
                .child("stochastic_depth", VisionLayers.stochasticDepth())
                .run("y", INPUT, "block")
                .let("y", "torch.mul(self.layer_scale, y)")
                .run("y", "y", "stochastic_depth")
                .returns("torch.add(y, x)")
                .build();
    }

    /** A layer norm over the channels of images. */
    private static ModuleSpec layerNorm(int channels) {
        return layerNorm(TYPE + "LayerNorm2d", channels);
    }

    static ModuleSpec layerNorm(String type, int channels) {
        return new ModuleBuilder(type)
                .parameter("weight", channels)
                .parameter("bias", channels)
                .let("y", "torch.permute(x, [0, 2, 3, 1])")
                .let("y", "torch.layer_norm(y, [" + channels + "], self.weight, self.bias, " + EPS + ", True)")
                .returns("torch.permute(y, [0, 3, 1, 2])")
                .build();
    }
}
