package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/**
 * SqueezeNet 1.1 with batch normalisation and leaky rectifiers, as trained on Places365; layers have the names of the
 * paper, fire2 to fire9. Slopes and the order of layers are those of its traced archive.
 */
final class PlacesSqueezeNets implements Family {
    private static final String TYPE = "places.";

    @Override
    public List<Architecture> known() {
        return List.of(new Architecture("squeezenet1_1bn-places365", "conv10.weight", PlacesSqueezeNets::network)
                .from("SqueezeNet 1.1 with batch normalisation"));
    }

    private static ModuleSpec network(int classes) {
        return new ModuleBuilder(TYPE + "PlacesSqueezeNet")
                .child("conv1", conv(new Conv(3, 64, 3).stride(2).padding(1)))
                .child("pool1", Layers.maxPool(3, 2, 0, false))
                .child("fire2", fire(64, 16, 64))
                .child("fire3", fire(128, 16, 64))
                .child("pool3", Layers.maxPool(3, 2, 0, false))
                .child("fire4", fire(128, 32, 128))
                .child("fire5", fire(256, 32, 128))
                .child("pool5", Layers.maxPool(3, 2, 0, false))
                .child("fire6", fire(256, 48, 192))
                .child("fire7", fire(384, 48, 192))
                .child("fire8", fire(384, 64, 256))
                .child("fire9", fire(512, 64, 256))
                .child("conv10", new Conv(512, classes, 1).build())
                .child("act10", leaky())
                .runChildren()
                .returns("torch.mean(x, [2, 3])")
                .build();
    }

    private static ModuleSpec fire(int in, int squeezed, int expanded) {
        return new ModuleBuilder(TYPE + "Fire")
                .child("squeeze1x1", conv(new Conv(in, squeezed, 1)))
                .child("expand1x1", conv(new Conv(squeezed, expanded, 1)))
                .child("expand3x3", conv(new Conv(squeezed, expanded, 3).padding(1)))
                .run(INPUT, INPUT, "squeeze1x1")
                .run("a", INPUT, "expand1x1")
                .run("b", INPUT, "expand3x3")
                .returns("torch.cat([a, b], 1)")
                .build();
    }

    private static ModuleSpec conv(Conv conv) {
        return new ModuleBuilder(TYPE + "ConvBN")
                .child("conv", conv.build())
                .child("bn", Layers.batchNorm(conv.out()))
                .child("act", leaky())
                .runAll()
                .build();
    }

    private static ModuleSpec leaky() {
        return Layers.function("torch.nn.modules.activation.LeakyReLU", "torch.leaky_relu(x, 0.55)");
    }
}
