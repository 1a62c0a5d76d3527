package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** ResNet, Wide ResNet and ResNeXt with torchvision's names (torchvision/models/resnet.py). */
final class ResNets implements Family {
    private static final String TYPE = "torchvision.models.resnet.";
    private static final String HEAD = "fc.weight";
    private static final String WIDE = "wideresnet18-places365";
    private static final int PLACES = 365;
    private static final List<String> CAFFE = List.of("resnet50", "resnet101", "resnet152");

    /** Kinds of networks whose tensors are the same. */
    private enum Kind {
        TORCHVISION,
        /** Strides lie in the first 1 x 1 convolution of a block, and the first pooling has no padding, as in Caffe. */
        CAFFE,
        /** No pooling at the start, so that the last maps are 14 x 14 (wideresnet.py of the Places365 releases). */
        WIDE_PLACES
    }

    @Override
    public List<Architecture> known() {
        List<Architecture> known = new ArrayList<>();
        ResNetPlan.PUBLISHED.forEach((name, plan) -> {
            Architecture plain = architecture(name, plan);
            if (name.equals("resnet18")) {
                known.add(plain.withNote(
                        "Places365's wideresnet18 has the same tensors: --arch " + WIDE, classes -> classes == PLACES));
                known.add(onRequest(WIDE, "Places365's", plan, Kind.WIDE_PLACES));
            } else if (CAFFE.contains(name)) {
                String caffe = name + "-caffe";
                known.add(plain.withNote(
                        "its strides lie in 3 x 3 convolutions; in 1 x 1, and pooling without padding, as in Caffe: --arch "
                                + caffe));
                known.add(onRequest(caffe, "Caffe's", plan, Kind.CAFFE));
            } else {
                known.add(plain);
            }
        });
        return known;
    }

    @Override
    public List<Architecture> suggested(Map<String, List<Long>> sizes) {
        return ResNetPlan.of(sizes)
                .filter(plan -> !ResNetPlan.PUBLISHED.containsValue(plan))
                .map(plan -> List.of(architecture(plan.name(), plan).from("of torchvision's code")))
                .orElse(List.of());
    }

    private static Architecture onRequest(String name, String origin, ResNetPlan plan, Kind kind) {
        return new Architecture(name, HEAD, classes -> network(plan, kind, classes))
                .from(origin)
                .chosenByNameOnly();
    }

    static Architecture architecture(String name, ResNetPlan plan) {
        return new Architecture(name, HEAD, classes -> network(plan, Kind.TORCHVISION, classes));
    }

    private static ModuleSpec network(ResNetPlan plan, Kind kind, int classes) {
        int in = plan.planes();
        ModuleBuilder net = new ModuleBuilder(TYPE + "ResNet")
                .child(
                        "conv1",
                        new Conv(plan.in(), in, 7)
                                .stride(2)
                                .padding(3)
                                .withoutBias()
                                .build())
                .child("bn1", Layers.batchNorm(in))
                .child("relu", Layers.relu());
        if (kind != Kind.WIDE_PLACES) {
            boolean caffe = kind == Kind.CAFFE;
            net.child("maxpool", Layers.maxPool(3, 2, caffe ? 0 : 1, caffe));
        }
        for (int stage = 0; stage < plan.blocks().size(); stage++) {
            List<ModuleSpec> blocks = new ArrayList<>();
            for (int i = 0; i < plan.blocks().get(stage); i++) {
                blocks.add(block(plan, kind, stage, in, stage > 0 && i == 0 ? 2 : 1));
                in = plan.out(stage);
            }
            net.child("layer" + (stage + 1), Layers.sequential(blocks));
        }
        return net.child("avgpool", kind == Kind.WIDE_PLACES ? Layers.avgPool(14, 14) : Layers.adaptiveAvgPool(1, 1))
                .runChildren()
                .child("fc", Layers.linear(in, classes))
                .let(INPUT, "torch.flatten(x, 1)")
                .run(INPUT, INPUT, "fc")
                .returns(INPUT)
                .build();
    }

    private static ModuleSpec block(ResNetPlan plan, Kind kind, int stage, int in, int stride) {
        int width = plan.width() << stage;
        int out = plan.out(stage);
        ModuleBuilder block = new ModuleBuilder(TYPE + (plan.bottleneck() ? "Bottleneck" : "BasicBlock"));
        Conv middle =
                new Conv(plan.bottleneck() ? width : in, width, 3).padding(1).withoutBias();
        if (plan.bottleneck()) {
            boolean early = kind == Kind.CAFFE;
            block.child(
                            "conv1",
                            new Conv(in, width, 1)
                                    .stride(early ? stride : 1)
                                    .withoutBias()
                                    .build())
                    .child("bn1", Layers.batchNorm(width))
                    .child(
                            "conv2",
                            middle.stride(early ? 1 : stride)
                                    .groups(plan.groups())
                                    .build())
                    .child("bn2", Layers.batchNorm(width))
                    .child("conv3", new Conv(width, out, 1).withoutBias().build())
                    .child("bn3", Layers.batchNorm(out))
                    .child("relu", Layers.relu())
                    .run("y", INPUT, "conv1", "bn1", "relu", "conv2", "bn2", "relu", "conv3", "bn3");
        } else {
            block.child("conv1", middle.stride(stride).build())
                    .child("bn1", Layers.batchNorm(out))
                    .child("relu", Layers.relu())
                    .child(
                            "conv2",
                            new Conv(out, out, 3).padding(1).withoutBias().build())
                    .child("bn2", Layers.batchNorm(out))
                    .run("y", INPUT, "conv1", "bn1", "relu", "conv2", "bn2");
        }
        if (stride != 1 || in != out) {
            block.child(
                            "downsample",
                            Layers.sequential(
                                    new Conv(in, out, 1)
                                            .stride(stride)
                                            .withoutBias()
                                            .build(),
                                    Layers.batchNorm(out)))
                    .run(INPUT, INPUT, "downsample");
        }
        return block.let("y", "torch.add(y, x)")
                .run("y", "y", "relu")
                .returns("y")
                .build();
    }
}
