package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** VGG with and without batch normalisation, as torchvision has it (torchvision/models/vgg.py). */
final class Vggs implements Family {
    private static final int STAGES = 5;
    private static final int GREATEST_WIDTH = 512;

    /** Convolutions in each stage. */
    static final Map<String, List<Integer>> CONVOLUTIONS = convolutions();

    private static Map<String, List<Integer>> convolutions() {
        Map<String, List<Integer>> convolutions = new LinkedHashMap<>();
        convolutions.put("vgg11", List.of(1, 1, 2, 2, 2));
        convolutions.put("vgg13", List.of(2, 2, 2, 2, 2));
        convolutions.put("vgg16", List.of(2, 2, 3, 3, 3));
        convolutions.put("vgg19", List.of(2, 2, 4, 4, 4));
        return Collections.unmodifiableMap(convolutions);
    }

    @Override
    public List<Architecture> known() {
        List<Architecture> known = new ArrayList<>();
        CONVOLUTIONS.forEach((name, convolutions) -> {
            known.add(architecture(name, convolutions, false));
            known.add(architecture(name + "_bn", convolutions, true));
        });
        return known;
    }

    private static Architecture architecture(String name, List<Integer> convolutions, boolean normalised) {
        return new Architecture(name, "classifier.6.weight", classes -> network(convolutions, normalised, classes));
    }

    /** A network of some convolutions in each stage. */
    private static ModuleSpec network(List<Integer> convolutions, boolean normalised, int classes) {
        ModuleSpec classifier = Layers.sequential(
                Layers.linear(GREATEST_WIDTH * 7 * 7, 4096),
                Layers.relu(),
                Layers.dropout(),
                Layers.linear(4096, 4096),
                Layers.relu(),
                Layers.dropout(),
                Layers.linear(4096, classes));
        return network("torchvision.models.vgg.VGG", features(convolutions, normalised), 7, classifier);
    }

    /** The convolutions and poolings. */
    static ModuleSpec features(List<Integer> convolutions, boolean normalised) {
        List<ModuleSpec> features = new ArrayList<>();
        int in = 3;
        for (int stage = 0; stage < STAGES; stage++) {
            int out = Math.min(GREATEST_WIDTH, 64 << stage);
            for (int i = 0; i < convolutions.get(stage); i++) {
                features.add(new Conv(in, out, 3).padding(1).build());
                if (normalised) {
                    features.add(Layers.batchNorm(out));
                }
                features.add(Layers.relu());
                in = out;
            }
            features.add(Layers.maxPool(2, 2, 0, false));
        }
        return Layers.sequential(features);
    }

    /** Features, averages of a grid of cells, and fully connected layers. */
    static ModuleSpec network(String type, ModuleSpec features, int cells, ModuleSpec classifier) {
        return new ModuleBuilder(type)
                .child("features", features)
                .child("avgpool", Layers.adaptiveAvgPool(cells, cells))
                .child("classifier", classifier)
                .run(INPUT, INPUT, "features", "avgpool")
                .let(INPUT, "torch.flatten(x, 1)")
                .run(INPUT, INPUT, "classifier")
                .returns(INPUT)
                .build();
    }
}
