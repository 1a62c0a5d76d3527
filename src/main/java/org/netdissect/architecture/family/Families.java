package org.netdissect.architecture.family;

import java.util.List;

/** All families of networks. */
public final class Families {
    /** In the order in which they are listed; of two networks with the same tensors the first one is recognised. */
    public static final List<Family> ALL = List.of(
            new AlexNets(),
            new Vggs(),
            new ResNets(),
            new CifarResNets(),
            new SqueezeNets(),
            new PlacesSqueezeNets(),
            new DenseNets(),
            new GoogLeNets(),
            new InceptionV3s(),
            new MobileNetV2s(),
            new MobileNetV3s(),
            new MnasNets(),
            new ShuffleNetV2s(),
            new EfficientNets(),
            new RegNets(),
            new ConvNexts(),
            new Vits(),
            new Swins(),
            new DissectNetworks(),
            new TimmNamesakes(),
            new TimmVggs(),
            new TimmEfficientNets(),
            new TimmMobileNetV3s(),
            new TimmRegNets(),
            new TimmConvNexts(),
            new TimmVits());

    /** What to do about a network that is not known. */
    public static final String OTHERWISE =
            "export the network itself: scripts/export_torchscript.py --pt2, or torch.export.save (known by their "
                    + "weights: netdissect layers --arch list)";

    private Families() {}
}
