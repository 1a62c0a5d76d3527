package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** GoogLeNet with batch normalisation, as torchvision has it (torchvision/models/googlenet.py). */
final class GoogLeNets implements Family {
    private static final String TYPE = "torchvision.models.googlenet.";

    @Override
    public List<Architecture> known() {
        return Inceptions.bothWays(
                architecture("googlenet", false), architecture("googlenet" + Inceptions.TRANSFORM_INPUT, true));
    }

    private static Architecture architecture(String name, boolean transformed) {
        return new Architecture(name, "fc.weight", classes -> network(transformed, classes))
                .withExtras("aux1.*", "aux2.*");
    }

    private static ModuleSpec network(boolean transformed, int classes) {
        ModuleBuilder net = new ModuleBuilder(TYPE + "GoogLeNet");
        if (transformed) {
            Inceptions.transformed(net);
        }
        return net.child(
                        "conv1",
                        Inceptions.conv(TYPE, new Conv(3, 64, 7).stride(2).padding(3)))
                .child("maxpool1", Layers.maxPool(3, 2, 0, true))
                .child("conv2", Inceptions.conv(TYPE, new Conv(64, 64, 1)))
                .child("conv3", Inceptions.conv(TYPE, new Conv(64, 192, 3).padding(1)))
                .child("maxpool2", Layers.maxPool(3, 2, 0, true))
                .child("inception3a", inception(192, 64, 96, 128, 16, 32, 32))
                .child("inception3b", inception(256, 128, 128, 192, 32, 96, 64))
                .child("maxpool3", Layers.maxPool(3, 2, 0, true))
                .child("inception4a", inception(480, 192, 96, 208, 16, 48, 64))
                .child("inception4b", inception(512, 160, 112, 224, 24, 64, 64))
                .child("inception4c", inception(512, 128, 128, 256, 24, 64, 64))
                .child("inception4d", inception(512, 112, 144, 288, 32, 64, 64))
                .child("inception4e", inception(528, 256, 160, 320, 32, 128, 128))
                .child("maxpool4", Layers.maxPool(2, 2, 0, true))
                .child("inception5a", inception(832, 256, 160, 320, 32, 128, 128))
                .child("inception5b", inception(832, 384, 192, 384, 48, 128, 128))
                .child("avgpool", Layers.adaptiveAvgPool(1, 1))
                .runChildren()
                .child("dropout", Layers.dropout())
                .child("fc", Layers.linear(1024, classes))
                .let(INPUT, "torch.flatten(x, 1)")
                .run(INPUT, INPUT, "dropout", "fc")
                .returns(INPUT)
                .build();
    }

    /** Four branches; {@code reduced} channels come before the 3 x 3 convolutions. */
    private static ModuleSpec inception(
            int in, int first, int reduced, int second, int reducedMore, int third, int pooled) {
        return new ModuleBuilder(TYPE + "Inception")
                .child("branch1", Inceptions.conv(TYPE, new Conv(in, first, 1)))
                .child("branch2", branch(in, reduced, second))
                // 3 x 3 where the paper has 5 x 5: torchvision's weights are of this network
                .child("branch3", branch(in, reducedMore, third))
                .child(
                        "branch4",
                        Layers.sequential(
                                Layers.maxPool(3, 1, 1, true), Inceptions.conv(TYPE, new Conv(in, pooled, 1))))
                .run("a", INPUT, "branch1")
                .run("b", INPUT, "branch2")
                .run("c", INPUT, "branch3")
                .run("d", INPUT, "branch4")
                .returns("torch.cat([a, b, c, d], 1)")
                .build();
    }

    private static ModuleSpec branch(int in, int reduced, int out) {
        return Layers.sequential(
                Inceptions.conv(TYPE, new Conv(in, reduced, 1)),
                Inceptions.conv(TYPE, new Conv(reduced, out, 3).padding(1)));
    }
}
