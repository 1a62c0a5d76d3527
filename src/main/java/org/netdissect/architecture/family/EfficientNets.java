package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** EfficientNet and EfficientNet V2 with torchvision's names (torchvision/models/efficientnet.py). */
final class EfficientNets implements Family {
    private static final String TYPE = "torchvision.models.efficientnet.";

    /** Numbers of a network; {@code last} are the channels before the classifier. */
    record Plan(int first, List<MobileStage> stages, int last) {}

    private static final List<MobileStage> B0 = List.of(
            new MobileStage(1, 3, 1, 16, 1),
            new MobileStage(6, 3, 2, 24, 2),
            new MobileStage(6, 5, 2, 40, 2),
            new MobileStage(6, 3, 2, 80, 3),
            new MobileStage(6, 5, 1, 112, 3),
            new MobileStage(6, 5, 2, 192, 4),
            new MobileStage(6, 3, 1, 320, 1));

    static final List<MobileStage> V2_S = List.of(
            new MobileStage(true, 1, 3, 1, 24, 2),
            new MobileStage(true, 4, 3, 2, 48, 4),
            new MobileStage(true, 4, 3, 2, 64, 4),
            new MobileStage(4, 3, 2, 128, 6),
            new MobileStage(6, 3, 1, 160, 9),
            new MobileStage(6, 3, 2, 256, 15));

    static final List<MobileStage> V2_M = List.of(
            new MobileStage(true, 1, 3, 1, 24, 3),
            new MobileStage(true, 4, 3, 2, 48, 5),
            new MobileStage(true, 4, 3, 2, 80, 5),
            new MobileStage(4, 3, 2, 160, 7),
            new MobileStage(6, 3, 1, 176, 14),
            new MobileStage(6, 3, 2, 304, 18),
            new MobileStage(6, 3, 1, 512, 5));

    static final List<MobileStage> V2_L = List.of(
            new MobileStage(true, 1, 3, 1, 32, 4),
            new MobileStage(true, 4, 3, 2, 64, 7),
            new MobileStage(true, 4, 3, 2, 96, 7),
            new MobileStage(4, 3, 2, 192, 10),
            new MobileStage(6, 3, 1, 224, 19),
            new MobileStage(6, 3, 2, 384, 25),
            new MobileStage(6, 3, 1, 640, 7));

    @Override
    public List<Architecture> known() {
        return List.of(
                architecture("efficientnet_b0", scaled(1, 1), 1e-5, 224),
                architecture("efficientnet_b1", scaled(1, 1.1), 1e-5, 240),
                architecture("efficientnet_b2", scaled(1.1, 1.2), 1e-5, 288),
                architecture("efficientnet_b3", scaled(1.2, 1.4), 1e-5, 300),
                architecture("efficientnet_b4", scaled(1.4, 1.8), 1e-5, 380),
                architecture("efficientnet_b5", scaled(1.6, 2.2), 1e-3, 456),
                architecture("efficientnet_b6", scaled(1.8, 2.6), 1e-3, 528),
                architecture("efficientnet_b7", scaled(2, 3.1), 1e-3, 600),
                architecture("efficientnet_v2_s", new Plan(24, V2_S, 1280), 1e-3, 384),
                architecture("efficientnet_v2_m", new Plan(24, V2_M, 1280), 1e-3, 480),
                architecture("efficientnet_v2_l", new Plan(32, V2_L, 1280), 1e-3, 480));
    }

    private static Architecture architecture(String name, Plan plan, double eps, int side) {
        return new Architecture(name, "classifier.1.weight", classes -> network(plan, eps, classes))
                .withInput(side, false);
    }

    /** B0 with other widths and depths (section 3.3 of the paper). */
    static Plan scaled(double width, double depth) {
        List<MobileStage> stages =
                B0.stream().map(stage -> stage.scaled(width, depth)).toList();
        return new Plan(
                VisionLayers.scaled(32, width),
                stages,
                4 * stages.get(stages.size() - 1).channels());
    }

    static ModuleSpec network(Plan plan, double eps, int classes) {
        int in = plan.first();
        List<ModuleSpec> features = new ArrayList<>();
        features.add(activated(new Conv(3, in, 3).stride(2), eps));
        for (MobileStage stage : plan.stages()) {
            List<ModuleSpec> blocks = new ArrayList<>();
            for (int i = 0; i < stage.blocks(); i++) {
                blocks.add(block(stage, in, i == 0 ? stage.stride() : 1, eps));
                in = stage.channels();
            }
            features.add(Layers.sequential(blocks));
        }
        features.add(activated(new Conv(in, plan.last(), 1), eps));
        return new ModuleBuilder(TYPE + "EfficientNet")
                .child("features", Layers.sequential(features))
                .child("avgpool", Layers.adaptiveAvgPool(1, 1))
                .child("classifier", Layers.sequential(Layers.dropout(), Layers.linear(plan.last(), classes)))
                .run(INPUT, INPUT, "features", "avgpool")
                .let(INPUT, "torch.flatten(x, 1)")
                .run(INPUT, INPUT, "classifier")
                .returns(INPUT)
                .build();
    }

    private static ModuleSpec block(MobileStage stage, int in, int stride, double eps) {
        List<ModuleSpec> layers = stage.fused() ? fused(stage, in, stride, eps) : plain(stage, in, stride, eps);
        ModuleBuilder block = new ModuleBuilder(TYPE + (stage.fused() ? "FusedMBConv" : "MBConv"))
                .child("block", Layers.sequential(layers))
                .child("stochastic_depth", VisionLayers.stochasticDepth())
                .run("y", INPUT, "block");
        if (stride == 1 && in == stage.channels()) {
            block.run("y", "y", "stochastic_depth").let("y", "torch.add(y, x)");
        }
        return block.returns("y").build();
    }

    private static List<ModuleSpec> plain(MobileStage stage, int in, int stride, double eps) {
        int inside = VisionLayers.scaled(in, stage.expansion());
        List<ModuleSpec> layers = new ArrayList<>();
        if (inside != in) {
            layers.add(activated(new Conv(in, inside, 1), eps));
        }
        layers.add(activated(
                new Conv(inside, inside, stage.kernel()).stride(stride).groups(inside), eps));
        layers.add(VisionLayers.squeezeExcitation(inside, Math.max(1, in / 4), Layers.silu(), Layers.sigmoid()));
        layers.add(VisionLayers.convNormActivation(new Conv(inside, stage.channels(), 1), eps));
        return layers;
    }

    private static List<ModuleSpec> fused(MobileStage stage, int in, int stride, double eps) {
        int inside = VisionLayers.scaled(in, stage.expansion());
        if (inside == in) {
            return List.of(activated(new Conv(in, stage.channels(), stage.kernel()).stride(stride), eps));
        }
        return List.of(
                activated(new Conv(in, inside, stage.kernel()).stride(stride), eps),
                VisionLayers.convNormActivation(new Conv(inside, stage.channels(), 1), eps));
    }

    private static ModuleSpec activated(Conv conv, double eps) {
        return VisionLayers.convNormActivation(conv, eps, Layers.silu());
    }
}
