package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Parts that torchvision's GoogLeNet and Inception v3 share. */
final class Inceptions {
    /** Tells of {@link #transformed}; the network's other name ends in this. */
    static final String TRANSFORM_INPUT = "-transform-input";

    private static final double EPS = 1e-3;
    private static final double[] MEAN = {0.485, 0.456, 0.406};
    private static final double[] DEVIATION = {0.229, 0.224, 0.225};

    private Inceptions() {}

    /** A convolution over square windows, batch normalisation and a rectifier. */
    static ModuleSpec conv(String type, Conv conv) {
        return conv(type, conv.out(), conv.withoutBias().build());
    }

    /** A convolution over windows of {@code height} x {@code width} whose output is as large as its input. */
    static ModuleSpec conv(String type, int in, int out, int height, int width) {
        int[] kernel = {height, width};
        int[] padding = {height / 2, width / 2};
        return conv(type, out, Layers.conv2d(in, out, kernel, 1, padding, 1, 1, false));
    }

    private static ModuleSpec conv(String type, int out, ModuleSpec conv) {
        return new ModuleBuilder(type + "BasicConv2d")
                .child("conv", conv)
                .child("bn", Layers.batchNorm(out, EPS))
                .run(INPUT, INPUT, "conv", "bn")
                .returns("torch.relu(x)")
                .build();
    }

    /** Adds the step from torchvision's preprocessing to that of TensorFlow's weights, (x - 0.5) / 0.5. */
    static void transformed(ModuleBuilder net) {
        List<String> channels = new ArrayList<>();
        for (int c = 0; c < MEAN.length; c++) {
            String channel = "x" + c;
            net.let(channel, "torch.slice(x, 1, " + c + ", " + (c + 1) + ")")
                    .let(channel, "torch.mul(" + channel + ", " + DEVIATION[c] / 0.5 + ")")
                    .let(channel, "torch.add(" + channel + ", " + (MEAN[c] - 0.5) / 0.5 + ")");
            channels.add(channel);
        }
        net.let(INPUT, "torch.cat([" + String.join(", ", channels) + "], 1)");
    }

    /** The network without its input's transformation, as torchvision's constructor has it, and with it. */
    static List<Architecture> bothWays(Architecture plain, Architecture transformed) {
        return List.of(
                plain.withNote("torchvision's own weights need its transform_input: --arch " + transformed.name()),
                transformed.chosenByNameOnly());
    }
}
