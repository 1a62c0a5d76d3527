package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Inception v3 as torchvision has it (torchvision/models/inception.py); its modules are the figures of the paper. */
final class InceptionV3s implements Family {
    private static final String TYPE = "torchvision.models.inception.";
    private static final int SIDE = 299;
    private static final String AVERAGED = "torch.avg_pool2d(x, [3, 3], [1, 1], [1, 1])";
    private static final String HALVED = "torch.max_pool2d(x, [3, 3], [2, 2])";

    @Override
    public List<Architecture> known() {
        return Inceptions.bothWays(
                architecture("inception_v3", false), architecture("inception_v3" + Inceptions.TRANSFORM_INPUT, true));
    }

    private static Architecture architecture(String name, boolean transformed) {
        return new Architecture(name, "fc.weight", classes -> network(transformed, classes))
                .withExtras("AuxLogits.*")
                .withInput(SIDE, false);
    }

    private static ModuleSpec network(boolean transformed, int classes) {
        ModuleBuilder net = new ModuleBuilder(TYPE + "Inception3");
        if (transformed) {
            Inceptions.transformed(net);
        }
        return net.child("Conv2d_1a_3x3", conv(new Conv(3, 32, 3).stride(2)))
                .child("Conv2d_2a_3x3", conv(new Conv(32, 32, 3)))
                .child("Conv2d_2b_3x3", conv(new Conv(32, 64, 3).padding(1)))
                .child("maxpool1", Layers.maxPool(3, 2, 0, false))
                .child("Conv2d_3b_1x1", conv(new Conv(64, 80, 1)))
                .child("Conv2d_4a_3x3", conv(new Conv(80, 192, 3)))
                .child("maxpool2", Layers.maxPool(3, 2, 0, false))
                .child("Mixed_5b", a(192, 32))
                .child("Mixed_5c", a(256, 64))
                .child("Mixed_5d", a(288, 64))
                .child("Mixed_6a", b(288))
                .child("Mixed_6b", c(768, 128))
                .child("Mixed_6c", c(768, 160))
                .child("Mixed_6d", c(768, 160))
                .child("Mixed_6e", c(768, 192))
                .child("Mixed_7a", d(768))
                .child("Mixed_7b", e(1280))
                .child("Mixed_7c", e(2048))
                .child("avgpool", Layers.adaptiveAvgPool(1, 1))
                .child("dropout", Layers.dropout())
                .runChildren()
                .child("fc", Layers.linear(2048, classes))
                .let(INPUT, "torch.flatten(x, 1)")
                .run(INPUT, INPUT, "fc")
                .returns(INPUT)
                .build();
    }

    private static ModuleSpec a(int in, int pooled) {
        return new ModuleBuilder(TYPE + "InceptionA")
                .child("branch1x1", conv(new Conv(in, 64, 1)))
                .child("branch5x5_1", conv(new Conv(in, 48, 1)))
                .child("branch5x5_2", conv(new Conv(48, 64, 5).padding(2)))
                .child("branch3x3dbl_1", conv(new Conv(in, 64, 1)))
                .child("branch3x3dbl_2", conv(new Conv(64, 96, 3).padding(1)))
                .child("branch3x3dbl_3", conv(new Conv(96, 96, 3).padding(1)))
                .child("branch_pool", conv(new Conv(in, pooled, 1)))
                .run("a", INPUT, "branch1x1")
                .run("b", INPUT, "branch5x5_1", "branch5x5_2")
                .run("c", INPUT, "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3")
                .run("d", AVERAGED, "branch_pool")
                .returns("torch.cat([a, b, c, d], 1)")
                .build();
    }

    private static ModuleSpec b(int in) {
        return new ModuleBuilder(TYPE + "InceptionB")
                .child("branch3x3", conv(new Conv(in, 384, 3).stride(2)))
                .child("branch3x3dbl_1", conv(new Conv(in, 64, 1)))
                .child("branch3x3dbl_2", conv(new Conv(64, 96, 3).padding(1)))
                .child("branch3x3dbl_3", conv(new Conv(96, 96, 3).stride(2)))
                .run("a", INPUT, "branch3x3")
                .run("b", INPUT, "branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3")
                .returns("torch.cat([a, b, " + HALVED + "], 1)")
                .build();
    }

    private static ModuleSpec c(int in, int width) {
        return new ModuleBuilder(TYPE + "InceptionC")
                .child("branch1x1", conv(new Conv(in, 192, 1)))
                .child("branch7x7_1", conv(new Conv(in, width, 1)))
                .child("branch7x7_2", conv(width, width, 1, 7))
                .child("branch7x7_3", conv(width, 192, 7, 1))
                .child("branch7x7dbl_1", conv(new Conv(in, width, 1)))
                .child("branch7x7dbl_2", conv(width, width, 7, 1))
                .child("branch7x7dbl_3", conv(width, width, 1, 7))
                .child("branch7x7dbl_4", conv(width, width, 7, 1))
                .child("branch7x7dbl_5", conv(width, 192, 1, 7))
                .child("branch_pool", conv(new Conv(in, 192, 1)))
                .run("a", INPUT, "branch1x1")
                .run("b", INPUT, "branch7x7_1", "branch7x7_2", "branch7x7_3")
                .run(
                        "c",
                        INPUT,
                        "branch7x7dbl_1",
                        "branch7x7dbl_2",
                        "branch7x7dbl_3",
                        "branch7x7dbl_4",
                        "branch7x7dbl_5")
                .run("d", AVERAGED, "branch_pool")
                .returns("torch.cat([a, b, c, d], 1)")
                .build();
    }

    private static ModuleSpec d(int in) {
        return new ModuleBuilder(TYPE + "InceptionD")
                .child("branch3x3_1", conv(new Conv(in, 192, 1)))
                .child("branch3x3_2", conv(new Conv(192, 320, 3).stride(2)))
                .child("branch7x7x3_1", conv(new Conv(in, 192, 1)))
                .child("branch7x7x3_2", conv(192, 192, 1, 7))
                .child("branch7x7x3_3", conv(192, 192, 7, 1))
                .child("branch7x7x3_4", conv(new Conv(192, 192, 3).stride(2)))
                .run("a", INPUT, "branch3x3_1", "branch3x3_2")
                .run("b", INPUT, "branch7x7x3_1", "branch7x7x3_2", "branch7x7x3_3", "branch7x7x3_4")
                .returns("torch.cat([a, b, " + HALVED + "], 1)")
                .build();
    }

    private static ModuleSpec e(int in) {
        return new ModuleBuilder(TYPE + "InceptionE")
                .child("branch1x1", conv(new Conv(in, 320, 1)))
                .child("branch3x3_1", conv(new Conv(in, 384, 1)))
                .child("branch3x3_2a", conv(384, 384, 1, 3))
                .child("branch3x3_2b", conv(384, 384, 3, 1))
                .child("branch3x3dbl_1", conv(new Conv(in, 448, 1)))
                .child("branch3x3dbl_2", conv(new Conv(448, 384, 3).padding(1)))
                .child("branch3x3dbl_3a", conv(384, 384, 1, 3))
                .child("branch3x3dbl_3b", conv(384, 384, 3, 1))
                .child("branch_pool", conv(new Conv(in, 192, 1)))
                .run("a", INPUT, "branch1x1")
                .run("b", INPUT, "branch3x3_1")
                .run("b1", "b", "branch3x3_2a")
                .run("b2", "b", "branch3x3_2b")
                .run("c", INPUT, "branch3x3dbl_1", "branch3x3dbl_2")
                .run("c1", "c", "branch3x3dbl_3a")
                .run("c2", "c", "branch3x3dbl_3b")
                .run("d", AVERAGED, "branch_pool")
                .returns("torch.cat([a, b1, b2, c1, c2, d], 1)")
                .build();
    }

    private static ModuleSpec conv(Conv conv) {
        return Inceptions.conv(TYPE, conv);
    }

    private static ModuleSpec conv(int in, int out, int height, int width) {
        return Inceptions.conv(TYPE, in, out, height, width);
    }
}
