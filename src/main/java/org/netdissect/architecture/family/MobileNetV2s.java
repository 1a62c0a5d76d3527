package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** MobileNet V2 with torchvision's names (torchvision/models/mobilenetv2.py). */
final class MobileNetV2s implements Family {
    private static final String TYPE = "torchvision.models.mobilenetv2.";
    private static final double EPS = 1e-5;
    private static final List<Double> WIDTHS = List.of(0.1, 0.25, 0.35, 0.5, 0.75, 1.1, 1.2, 1.3, 1.4, 1.5, 2.0);

    static final List<MobileStage> STAGES = List.of(
            new MobileStage(1, 3, 1, 16, 1),
            new MobileStage(6, 3, 2, 24, 2),
            new MobileStage(6, 3, 2, 32, 3),
            new MobileStage(6, 3, 2, 64, 4),
            new MobileStage(6, 3, 1, 96, 3),
            new MobileStage(6, 3, 2, 160, 3),
            new MobileStage(6, 3, 1, 320, 1));

    @Override
    public List<Architecture> known() {
        return List.of(architecture("mobilenet_v2", 1));
    }

    /** The published network with another {@code width_mult}: only the channels differ. */
    @Override
    public List<Architecture> suggested(Map<String, List<Long>> sizes) {
        return WIDTHS.stream()
                .map(width -> architecture("mobilenet_v2_x" + width, width))
                .toList();
    }

    private static Architecture architecture(String name, double width) {
        return new Architecture(name, "classifier.1.weight", classes -> network(width, classes));
    }

    private static ModuleSpec network(double width, int classes) {
        int in = VisionLayers.scaled(32, width);
        int last = VisionLayers.scaled(1280, Math.max(1, width));
        List<ModuleSpec> features = new ArrayList<>();
        features.add(layer(new Conv(3, in, 3).stride(2)));
        for (MobileStage stage : STAGES) {
            int out = VisionLayers.scaled(stage.channels(), width);
            for (int i = 0; i < stage.blocks(); i++) {
                features.add(block(in, out, stage.expansion(), i == 0 ? stage.stride() : 1));
                in = out;
            }
        }
        features.add(layer(new Conv(in, last, 1)));
        return new ModuleBuilder(TYPE + "MobileNetV2")
                .child("features", Layers.sequential(features))
                .child("classifier", Layers.sequential(Layers.dropout(), Layers.linear(last, classes)))
                .run(INPUT, INPUT, "features")
                .let(INPUT, "torch.adaptive_avg_pool2d(x, [1, 1])")
                .let(INPUT, "torch.flatten(x, 1)")
                .run(INPUT, INPUT, "classifier")
                .returns(INPUT)
                .build();
    }

    private static ModuleSpec block(int in, int out, int expansion, int stride) {
        int inside = in * expansion;
        ModuleSpec expand = layer(new Conv(in, inside, 1));
        ModuleSpec depthwise = layer(new Conv(inside, inside, 3).stride(stride).groups(inside));
        ModuleSpec project = new Conv(inside, out, 1).withoutBias().build();
        return new ModuleBuilder(TYPE + "InvertedResidual")
                .child(
                        "conv",
                        Layers.sequential(Stream.of(expand, depthwise, project, Layers.batchNorm(out))
                                .skip(expansion == 1 ? 1 : 0)
                                .toList()))
                .run("y", INPUT, "conv")
                .returns(stride == 1 && in == out ? "torch.add(x, y)" : "y")
                .build();
    }

    private static ModuleSpec layer(Conv conv) {
        return VisionLayers.convNormActivation(conv, EPS, Layers.relu6());
    }
}
