package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;
import static org.netdissect.torchscript.assembly.ModuleBuilder.call;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** ShuffleNet V2 with torchvision's names (torchvision/models/shufflenetv2.py). */
final class ShuffleNetV2s implements Family {
    private static final String TYPE = "torchvision.models.shufflenetv2.";
    private static final int FIRST = 24;
    private static final List<Integer> BLOCKS = List.of(4, 8, 4);

    @Override
    public List<Architecture> known() {
        return List.of(
                architecture("shufflenet_v2_x0_5", List.of(48, 96, 192), 1024),
                architecture("shufflenet_v2_x1_0", List.of(116, 232, 464), 1024),
                architecture("shufflenet_v2_x1_5", List.of(176, 352, 704), 1024),
                architecture("shufflenet_v2_x2_0", List.of(244, 488, 976), 2048));
    }

    private static Architecture architecture(String name, List<Integer> channels, int last) {
        return new Architecture(name, "fc.weight", classes -> network(channels, last, classes));
    }

    private static ModuleSpec network(List<Integer> channels, int last, int classes) {
        ModuleBuilder net = new ModuleBuilder(TYPE + "ShuffleNetV2")
                .child("conv1", layers(new Conv(3, FIRST, 3).stride(2).padding(1)))
                .child("maxpool", Layers.maxPool(3, 2, 1, false));
        int in = FIRST;
        for (int stage = 0; stage < channels.size(); stage++) {
            int out = channels.get(stage);
            List<ModuleSpec> blocks = new ArrayList<>();
            blocks.add(reducing(in, out));
            for (int i = 1; i < BLOCKS.get(stage); i++) {
                blocks.add(keeping(out));
            }
            net.child("stage" + (stage + 2), Layers.sequential(blocks));
            in = out;
        }
        return net.child("conv5", layers(new Conv(in, last, 1)))
                .child("fc", Layers.linear(last, classes))
                .run(INPUT, INPUT, "conv1", "maxpool", "stage2", "stage3", "stage4", "conv5")
                .let(INPUT, "torch.mean(x, [2, 3])")
                .run(INPUT, INPUT, "fc")
                .returns(INPUT)
                .build();
    }

    /** A block that halves height and width; both branches see all channels. */
    private static ModuleSpec reducing(int in, int out) {
        int half = out / 2;
        ModuleSpec branch1 = Layers.sequential(
                depthwise(in, 2),
                Layers.batchNorm(in),
                new Conv(in, half, 1).withoutBias().build(),
                Layers.batchNorm(half),
                Layers.relu());
        return shuffled(
                new ModuleBuilder(TYPE + "InvertedResidual")
                        .child("branch1", branch1)
                        .child("branch2", branch2(in, half, 2))
                        .let("y", "torch.cat([" + call("branch1", INPUT) + ", " + call("branch2", INPUT) + "], 1)"),
                half);
    }

    /** A block of stride 1, of which the first half of the channels is handed on. */
    private static ModuleSpec keeping(int channels) {
        int half = channels / 2;
        return shuffled(
                new ModuleBuilder(TYPE + "InvertedResidual")
                        .child("branch1", Layers.sequential())
                        .child("branch2", branch2(half, half, 1))
                        .line("x1, x2, = torch.chunk(x, 2, 1)")
                        .let("y", "torch.cat([x1, " + call("branch2", "x2") + "], 1)"),
                half);
    }

    private static ModuleSpec branch2(int in, int half, int stride) {
        return Layers.sequential(
                new Conv(in, half, 1).withoutBias().build(),
                Layers.batchNorm(half),
                Layers.relu(),
                depthwise(half, stride),
                Layers.batchNorm(half),
                new Conv(half, half, 1).withoutBias().build(),
                Layers.batchNorm(half),
                Layers.relu());
    }

    /** Returns {@code y} with the channels of its two halves in turn. */
    private static ModuleSpec shuffled(ModuleBuilder block, int half) {
        return block.let("batch", "torch.size(y, 0)")
                .let("height", "torch.size(y, 2)")
                .let("width", "torch.size(y, 3)")
                .let("y", "torch.view(y, [batch, 2, " + half + ", height, width])")
                .let("y", "torch.contiguous(torch.transpose(y, 1, 2))")
                .returns("torch.view(y, [batch, " + 2 * half + ", height, width])")
                .build();
    }

    private static ModuleSpec layers(Conv conv) {
        return Layers.sequential(conv.withoutBias().build(), Layers.batchNorm(conv.out()), Layers.relu());
    }

    private static ModuleSpec depthwise(int channels, int stride) {
        return new Conv(channels, channels, 3)
                .stride(stride)
                .padding(1)
                .groups(channels)
                .withoutBias()
                .build();
    }
}
