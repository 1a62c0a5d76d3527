package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** MobileNet V3 with torchvision's names (torchvision/models/mobilenetv3.py). */
final class MobileNetV3s implements Family {
    private static final String TYPE = "torchvision.models.mobilenetv3.";
    private static final double EPS = 1e-3;
    static final int FIRST = 16;

    /** A row of the tables 1 and 2 of the paper; {@code inside} are the channels between its convolutions. */
    record Row(int kernel, int inside, int out, boolean squeeze, boolean hardswish, int stride) {
        ModuleSpec activation() {
            return hardswish ? Layers.hardswish() : Layers.relu();
        }

        /** Channels of squeeze and excitation. */
        int squeezed() {
            return VisionLayers.scaled(inside / 4, 1);
        }
    }

    static final List<Row> LARGE = List.of(
            new Row(3, 16, 16, false, false, 1),
            new Row(3, 64, 24, false, false, 2),
            new Row(3, 72, 24, false, false, 1),
            new Row(5, 72, 40, true, false, 2),
            new Row(5, 120, 40, true, false, 1),
            new Row(5, 120, 40, true, false, 1),
            new Row(3, 240, 80, false, true, 2),
            new Row(3, 200, 80, false, true, 1),
            new Row(3, 184, 80, false, true, 1),
            new Row(3, 184, 80, false, true, 1),
            new Row(3, 480, 112, true, true, 1),
            new Row(3, 672, 112, true, true, 1),
            new Row(5, 672, 160, true, true, 2),
            new Row(5, 960, 160, true, true, 1),
            new Row(5, 960, 160, true, true, 1));

    static final List<Row> SMALL = List.of(
            new Row(3, 16, 16, true, false, 2),
            new Row(3, 72, 24, false, false, 2),
            new Row(3, 88, 24, false, false, 1),
            new Row(5, 96, 40, true, true, 2),
            new Row(5, 240, 40, true, true, 1),
            new Row(5, 240, 40, true, true, 1),
            new Row(5, 120, 48, true, true, 1),
            new Row(5, 144, 48, true, true, 1),
            new Row(5, 288, 96, true, true, 2),
            new Row(5, 576, 96, true, true, 1),
            new Row(5, 576, 96, true, true, 1));

    @Override
    public List<Architecture> known() {
        return List.of(
                architecture("mobilenet_v3_large", LARGE, 1280), architecture("mobilenet_v3_small", SMALL, 1024));
    }

    private static Architecture architecture(String name, List<Row> rows, int last) {
        return new Architecture(name, "classifier.3.weight", classes -> network(rows, last, classes));
    }

    private static ModuleSpec network(List<Row> rows, int last, int classes) {
        List<ModuleSpec> features = new ArrayList<>();
        features.add(VisionLayers.convNormActivation(new Conv(3, FIRST, 3).stride(2), EPS, Layers.hardswish()));
        int in = FIRST;
        for (Row row : rows) {
            features.add(block(in, row));
            in = row.out();
        }
        features.add(VisionLayers.convNormActivation(new Conv(in, 6 * in, 1), EPS, Layers.hardswish()));
        ModuleSpec classifier = Layers.sequential(
                Layers.linear(6 * in, last), Layers.hardswish(), Layers.dropout(), Layers.linear(last, classes));
        return new ModuleBuilder(TYPE + "MobileNetV3")
                .child("features", Layers.sequential(features))
                .child("avgpool", Layers.adaptiveAvgPool(1, 1))
                .child("classifier", classifier)
                .run(INPUT, INPUT, "features", "avgpool")
                .let(INPUT, "torch.flatten(x, 1)")
                .run(INPUT, INPUT, "classifier")
                .returns(INPUT)
                .build();
    }

    private static ModuleSpec block(int in, Row row) {
        int inside = row.inside();
        List<ModuleSpec> layers = new ArrayList<>();
        if (inside != in) {
            layers.add(VisionLayers.convNormActivation(new Conv(in, inside, 1), EPS, row.activation()));
        }
        Conv depthwise =
                new Conv(inside, inside, row.kernel()).stride(row.stride()).groups(inside);
        layers.add(VisionLayers.convNormActivation(depthwise, EPS, row.activation()));
        if (row.squeeze()) {
            layers.add(VisionLayers.squeezeExcitation(inside, row.squeezed(), Layers.relu(), Layers.hardsigmoid()));
        }
        layers.add(VisionLayers.convNormActivation(new Conv(inside, row.out(), 1), EPS));
        return new ModuleBuilder(TYPE + "InvertedResidual")
                .child("block", Layers.sequential(layers))
                .run("y", INPUT, "block")
                .returns(row.stride() == 1 && in == row.out() ? "torch.add(y, x)" : "y")
                .build();
    }
}
