package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** MNASNet (variant B1) with torchvision's names (torchvision/models/mnasnet.py). */
final class MnasNets implements Family {
    private static final String TYPE = "torchvision.models.mnasnet.";
    static final int LAST = 1280;

    /** The stages after the first block, which is spelt out. */
    static final List<MobileStage> STAGES = List.of(
            new MobileStage(3, 3, 2, 24, 3),
            new MobileStage(3, 5, 2, 40, 3),
            new MobileStage(6, 5, 2, 80, 3),
            new MobileStage(6, 3, 1, 96, 2),
            new MobileStage(6, 5, 2, 192, 4),
            new MobileStage(6, 3, 1, 320, 1));

    @Override
    public List<Architecture> known() {
        return List.of(
                architecture("mnasnet0_5", 0.5),
                architecture("mnasnet0_75", 0.75),
                architecture("mnasnet1_0", 1),
                architecture("mnasnet1_3", 1.3));
    }

    private static Architecture architecture(String name, double width) {
        return new Architecture(name, "classifier.1.weight", classes -> network(width, classes));
    }

    private static ModuleSpec network(double width, int classes) {
        int first = VisionLayers.scaled(32, width);
        int in = VisionLayers.scaled(16, width);
        List<ModuleSpec> layers = new ArrayList<>();
        add(layers, new Conv(3, first, 3).padding(1).stride(2), true);
        add(layers, new Conv(first, first, 3).padding(1).groups(first), true);
        add(layers, new Conv(first, in, 1), false);
        for (MobileStage stage : STAGES) {
            int out = VisionLayers.scaled(stage.channels(), width);
            List<ModuleSpec> blocks = new ArrayList<>();
            for (int i = 0; i < stage.blocks(); i++) {
                blocks.add(block(stage, in, out, i == 0 ? stage.stride() : 1));
                in = out;
            }
            layers.add(Layers.sequential(blocks));
        }
        add(layers, new Conv(in, LAST, 1), true);
        return new ModuleBuilder(TYPE + "MNASNet")
                .child("layers", Layers.sequential(layers))
                .child("classifier", Layers.sequential(Layers.dropout(), Layers.linear(LAST, classes)))
                .run(INPUT, INPUT, "layers")
                .let(INPUT, "torch.mean(x, [2, 3])")
                .run(INPUT, INPUT, "classifier")
                .returns(INPUT)
                .build();
    }

    private static ModuleSpec block(MobileStage stage, int in, int out, int stride) {
        int inside = in * stage.expansion();
        Conv depthwise = new Conv(inside, inside, stage.kernel())
                .padding(stage.kernel() / 2)
                .stride(stride)
                .groups(inside);
        List<ModuleSpec> layers = new ArrayList<>();
        add(layers, new Conv(in, inside, 1), true);
        add(layers, depthwise, true);
        add(layers, new Conv(inside, out, 1), false);
        return new ModuleBuilder(TYPE + "_InvertedResidual")
                .child("layers", Layers.sequential(layers))
                .run("y", INPUT, "layers")
                .returns(stride == 1 && in == out ? "torch.add(y, x)" : "y")
                .build();
    }

    private static void add(List<ModuleSpec> layers, Conv conv, boolean activated) {
        layers.add(conv.withoutBias().build());
        layers.add(Layers.batchNorm(conv.out()));
        if (activated) {
            layers.add(Layers.relu());
        }
    }
}
