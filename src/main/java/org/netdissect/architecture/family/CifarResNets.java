package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/**
 * ResNets of three stages for images of 32 x 32 (He et al. 2016, section 4.2), with the names of
 * akamaster/pytorch_resnet_cifar10. Between stages shortcuts drop every second pixel and add channels of zeros (A), or
 * are convolutions (B).
 */
final class CifarResNets implements Family {
    private static final String TYPE = "resnet.";
    private static final int SIDE = 32;
    private static final int PLANES = 16;
    private static final int STAGES = 3;
    /** Blocks of each stage in the published networks. */
    private static final List<Integer> PUBLISHED = List.of(3, 5, 7, 9, 18, 200);

    private static final String EVERY_SECOND =
            "torch.slice(torch.slice(x, 2, 0, 9223372036854775807, 2), 3, 0, 9223372036854775807, 2)";

    /**
     * Numbers of a network.
     *
     * @param blocks by stage
     * @param convolved whether shortcuts between stages are convolutions
     * @param in channels of the input
     */
    private record Plan(List<Integer> blocks, boolean convolved, int in) {}

    @Override
    public List<Architecture> known() {
        return PUBLISHED.stream()
                .map(n -> architecture("cifar-resnet" + (6 * n + 2), new Plan(List.of(n, n, n), false, 3)))
                .toList();
    }

    @Override
    public List<Architecture> suggested(Map<String, List<Long>> sizes) {
        List<Integer> blocks = new ArrayList<>();
        for (int stage = 1; stage <= STAGES; stage++) {
            String path = "layer" + stage + ".";
            blocks.add((int) IntStream.iterate(0, i -> i + 1)
                    .takeWhile(i -> sizes.containsKey(path + i + ".conv1.weight"))
                    .count());
        }
        List<Long> first = sizes.getOrDefault("conv1.weight", List.of());
        if (blocks.contains(0)
                || sizes.containsKey("layer4.0.conv1.weight")
                || first.size() != 4
                || first.get(1) < 1
                || first.get(1) > Short.MAX_VALUE) {
            return List.of();
        }
        boolean convolved = sizes.containsKey("layer2.0.shortcut.0.weight");
        int in = first.get(1).intValue();
        boolean even = blocks.stream().distinct().count() == 1;
        if (even && PUBLISHED.contains(blocks.get(0)) && !convolved && in == 3) {
            return List.of();
        }
        String name = "cifar-resnet " + blocks.toString().replace(" ", "")
                + (convolved ? " with convolved shortcuts" : "")
                + (in == 3 ? "" : ", input of " + in + (in == 1 ? " channel" : " channels"));
        return List.of(architecture(name, new Plan(blocks, convolved, in)));
    }

    private static Architecture architecture(String name, Plan plan) {
        return new Architecture(name, "linear.weight", classes -> network(plan, classes))
                .from("akamaster's")
                .withInput(SIDE, false);
    }

    private static ModuleSpec network(Plan plan, int classes) {
        ModuleBuilder net = new ModuleBuilder(TYPE + "ResNet")
                .child(
                        "conv1",
                        new Conv(plan.in(), PLANES, 3).padding(1).withoutBias().build())
                .child("bn1", Layers.batchNorm(PLANES))
                .run(INPUT, INPUT, "conv1", "bn1")
                .let(INPUT, "torch.relu(x)");
        int in = PLANES;
        for (int stage = 0; stage < STAGES; stage++) {
            int out = PLANES << stage;
            List<ModuleSpec> blocks = new ArrayList<>();
            for (int i = 0; i < plan.blocks().get(stage); i++) {
                blocks.add(block(in, out, plan.convolved()));
                in = out;
            }
            String name = "layer" + (stage + 1);
            net.child(name, Layers.sequential(blocks)).run(INPUT, INPUT, name);
        }
        return net.child("linear", Layers.linear(in, classes))
                // not adaptive: its sums differ in the last bits
                .let(INPUT, "torch.avg_pool2d(x, [torch.size(x, 3), torch.size(x, 3)])")
                .let(INPUT, "torch.flatten(x, 1)")
                .run(INPUT, INPUT, "linear")
                .returns(INPUT)
                .build();
    }

    private static ModuleSpec block(int in, int out, boolean convolved) {
        int stride = out / in;
        return new ModuleBuilder(TYPE + "BasicBlock")
                .child(
                        "conv1",
                        new Conv(in, out, 3)
                                .stride(stride)
                                .padding(1)
                                .withoutBias()
                                .build())
                .child("bn1", Layers.batchNorm(out))
                .child("conv2", new Conv(out, out, 3).padding(1).withoutBias().build())
                .child("bn2", Layers.batchNorm(out))
                .child("shortcut", shortcut(in, out, convolved))
                .run("y", INPUT, "conv1", "bn1")
                .let("y", "torch.relu(y)")
                .run("y", "y", "conv2", "bn2")
                .run(INPUT, INPUT, "shortcut")
                .returns("torch.relu(torch.add(y, x))")
                .build();
    }

    private static ModuleSpec shortcut(int in, int out, boolean convolved) {
        if (in == out) {
            return Layers.sequential();
        } else if (convolved) {
            return Layers.sequential(
                    new Conv(in, out, 1).stride(2).withoutBias().build(), Layers.batchNorm(out));
        }
        int zeros = out / 4;
        return Layers.function(
                TYPE + "LambdaLayer",
                "torch.constant_pad_nd(" + EVERY_SECOND + ", [0, 0, 0, 0, " + zeros + ", " + zeros + "], 0)");
    }
}
