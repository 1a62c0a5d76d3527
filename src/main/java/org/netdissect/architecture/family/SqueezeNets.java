package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** SqueezeNet as torchvision has it (torchvision/models/squeezenet.py). */
final class SqueezeNets implements Family {
    private static final String TYPE = "torchvision.models.squeezenet.";
    private static final String HEAD = "classifier.1.weight";

    @Override
    public List<Architecture> known() {
        return List.of(
                new Architecture(
                        "squeezenet1_0",
                        HEAD,
                        classes -> network(
                                classes,
                                new Conv(3, 96, 7).stride(2).build(),
                                Layers.relu(),
                                pool(),
                                fire(96, 16, 64),
                                fire(128, 16, 64),
                                fire(128, 32, 128),
                                pool(),
                                fire(256, 32, 128),
                                fire(256, 48, 192),
                                fire(384, 48, 192),
                                fire(384, 64, 256),
                                pool(),
                                fire(512, 64, 256))),
                new Architecture(
                        "squeezenet1_1",
                        HEAD,
                        classes -> network(
                                classes,
                                new Conv(3, 64, 3).stride(2).build(),
                                Layers.relu(),
                                pool(),
                                fire(64, 16, 64),
                                fire(128, 16, 64),
                                pool(),
                                fire(128, 32, 128),
                                fire(256, 32, 128),
                                pool(),
                                fire(256, 48, 192),
                                fire(384, 48, 192),
                                fire(384, 64, 256),
                                fire(512, 64, 256))));
    }

    private static ModuleSpec network(int classes, ModuleSpec... features) {
        return new ModuleBuilder(TYPE + "SqueezeNet")
                .child("features", Layers.sequential(features))
                .child(
                        "classifier",
                        Layers.sequential(
                                Layers.dropout(),
                                new Conv(512, classes, 1).build(),
                                Layers.relu(),
                                Layers.adaptiveAvgPool(1, 1)))
                .run(INPUT, INPUT, "features", "classifier")
                .returns("torch.flatten(x, 1)")
                .build();
    }

    private static ModuleSpec pool() {
        return Layers.maxPool(3, 2, 0, true);
    }

    /** A fire module: few channels, then twice {@code expanded}. */
    private static ModuleSpec fire(int in, int squeezed, int expanded) {
        return new ModuleBuilder(TYPE + "Fire")
                .child("squeeze", new Conv(in, squeezed, 1).build())
                .child("squeeze_activation", Layers.relu())
                .child("expand1x1", new Conv(squeezed, expanded, 1).build())
                .child("expand1x1_activation", Layers.relu())
                .child("expand3x3", new Conv(squeezed, expanded, 3).padding(1).build())
                .child("expand3x3_activation", Layers.relu())
                .run(INPUT, INPUT, "squeeze", "squeeze_activation")
                .run("y", INPUT, "expand1x1", "expand1x1_activation")
                .run(INPUT, INPUT, "expand3x3", "expand3x3_activation")
                .returns("torch.cat([y, x], 1)")
                .build();
    }
}
