package org.netdissect.architecture.family;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/**
 * VGG with timm's names, where convolutions take the place of the first two linear layers (timm/models/vgg.py). The
 * first of them, of 7 x 7, needs images of 224 x 224 at least; timm stretches the maps of smaller ones.
 */
final class TimmVggs implements Family {
    private static final int WIDTH = 4096;

    @Override
    public List<Architecture> known() {
        List<Architecture> known = new ArrayList<>();
        Vggs.CONVOLUTIONS.forEach((name, convolutions) -> {
            known.add(architecture(name, convolutions, false));
            known.add(architecture(name + "_bn", convolutions, true));
        });
        return known;
    }

    private static Architecture architecture(String name, List<Integer> convolutions, boolean normalised) {
        return TimmNames.named(
                name, new Architecture(name, "head.fc.weight", classes -> network(convolutions, normalised, classes)));
    }

    private static ModuleSpec network(List<Integer> convolutions, boolean normalised, int classes) {
        ModuleSpec convMlp = new ModuleBuilder("timm.models.vgg.ConvMlp")
                .child("fc1", new Conv(512, WIDTH, 7).build())
                .child("act1", Layers.relu())
                .child("drop", Layers.dropout())
                .child("fc2", new Conv(WIDTH, WIDTH, 1).build())
                .child("act2", Layers.relu())
                .runAll()
                .build();
        return new ModuleBuilder("timm.models.vgg.VGG")
                .child("features", Vggs.features(convolutions, normalised))
                .child("pre_logits", convMlp)
                .child("head", TimmLayers.classifierHead(WIDTH, classes))
                .runAll()
                .build();
    }
}
