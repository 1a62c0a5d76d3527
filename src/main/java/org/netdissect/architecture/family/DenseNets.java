package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** DenseNet-BC as torchvision has it (torchvision/models/densenet.py). */
final class DenseNets implements Family {
    private static final String TYPE = "torchvision.models.densenet.";

    /** Channels of a bottleneck by channels that a layer adds. */
    private static final int BOTTLENECK = 4;

    /** Names before PyTorch 0.4.1, which no longer allowed dots inside names: {@code norm.1} became {@code norm1}. */
    private static final Pattern OLD = Pattern.compile("(.*denselayer\\d+\\.(?:norm|relu|conv))\\.([12]\\..+)");

    /**
     * Numbers of a network.
     *
     * @param layers by block
     * @param growth channels that a layer adds
     * @param first channels of the first convolution
     */
    private record Plan(List<Integer> layers, int growth, int first) {}

    @Override
    public List<Architecture> known() {
        return List.of(
                architecture("densenet121", new Plan(List.of(6, 12, 24, 16), 32, 64)),
                architecture("densenet161", new Plan(List.of(6, 12, 36, 24), 48, 96)),
                architecture("densenet169", new Plan(List.of(6, 12, 32, 32), 32, 64)),
                architecture("densenet201", new Plan(List.of(6, 12, 48, 32), 32, 64)));
    }

    @Override
    public String canonical(String name) {
        return OLD.matcher(name).replaceFirst("$1$2");
    }

    private static Architecture architecture(String name, Plan plan) {
        return new Architecture(name, "classifier.weight", classes -> network(plan, classes));
    }

    private static ModuleSpec network(Plan plan, int classes) {
        Map<String, ModuleSpec> features = new LinkedHashMap<>();
        int channels = plan.first();
        features.put(
                "conv0",
                new Conv(3, channels, 7).stride(2).padding(3).withoutBias().build());
        features.put("norm0", Layers.batchNorm(channels));
        features.put("relu0", Layers.relu());
        features.put("pool0", Layers.maxPool(3, 2, 1, false));
        int blocks = plan.layers().size();
        for (int block = 1; block <= blocks; block++) {
            int layers = plan.layers().get(block - 1);
            features.put("denseblock" + block, block(channels, layers, plan.growth()));
            channels += layers * plan.growth();
            if (block < blocks) {
                features.put("transition" + block, transition(channels, channels / 2));
                channels /= 2;
            }
        }
        features.put("norm5", Layers.batchNorm(channels));
        return new ModuleBuilder(TYPE + "DenseNet")
                .child("features", Layers.sequential(features))
                .child("classifier", Layers.linear(channels, classes))
                .run(INPUT, INPUT, "features")
                .let(INPUT, "torch.relu(x)")
                .let(INPUT, "torch.adaptive_avg_pool2d(x, [1, 1])")
                .let(INPUT, "torch.flatten(x, 1)")
                .run(INPUT, INPUT, "classifier")
                .returns(INPUT)
                .build();
    }

    private static ModuleSpec block(int in, int layers, int growth) {
        ModuleBuilder block = new ModuleBuilder(TYPE + "_DenseBlock");
        for (int i = 1; i <= layers; i++) {
            block.child("denselayer" + i, layer(in + (i - 1) * growth, growth))
                    .run("y", INPUT, "denselayer" + i)
                    .let(INPUT, "torch.cat([x, y], 1)");
        }
        return block.returns(INPUT).build();
    }

    /** A layer of a block, whose input is the output of all layers before it. */
    private static ModuleSpec layer(int in, int growth) {
        int width = BOTTLENECK * growth;
        return new ModuleBuilder(TYPE + "_DenseLayer")
                .child("norm1", Layers.batchNorm(in))
                .child("relu1", Layers.relu())
                .child("conv1", new Conv(in, width, 1).withoutBias().build())
                .child("norm2", Layers.batchNorm(width))
                .child("relu2", Layers.relu())
                .child(
                        "conv2",
                        new Conv(width, growth, 3).padding(1).withoutBias().build())
                .runAll()
                .build();
    }

    private static ModuleSpec transition(int in, int out) {
        return new ModuleBuilder(TYPE + "_Transition")
                .child("norm", Layers.batchNorm(in))
                .child("relu", Layers.relu())
                .child("conv", new Conv(in, out, 1).withoutBias().build())
                .child("pool", Layers.avgPool(2, 2))
                .runAll()
                .build();
    }
}
