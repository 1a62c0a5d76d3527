package org.netdissect.architecture.family;

import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** AlexNet with one tower, as torchvision has it (torchvision/models/alexnet.py). */
final class AlexNets implements Family {
    @Override
    public List<Architecture> known() {
        return List.of(new Architecture("alexnet", "classifier.6.weight", AlexNets::network));
    }

    private static ModuleSpec network(int classes) {
        ModuleSpec features = Layers.sequential(
                new Conv(3, 64, 11).stride(4).padding(2).build(),
                Layers.relu(),
                Layers.maxPool(3, 2, 0, false),
                new Conv(64, 192, 5).padding(2).build(),
                Layers.relu(),
                Layers.maxPool(3, 2, 0, false),
                new Conv(192, 384, 3).padding(1).build(),
                Layers.relu(),
                new Conv(384, 256, 3).padding(1).build(),
                Layers.relu(),
                new Conv(256, 256, 3).padding(1).build(),
                Layers.relu(),
                Layers.maxPool(3, 2, 0, false));
        ModuleSpec classifier = Layers.sequential(
                Layers.dropout(),
                Layers.linear(256 * 6 * 6, 4096),
                Layers.relu(),
                Layers.dropout(),
                Layers.linear(4096, 4096),
                Layers.relu(),
                Layers.linear(4096, classes));
        return Vggs.network("torchvision.models.alexnet.AlexNet", features, 6, classifier);
    }
}
