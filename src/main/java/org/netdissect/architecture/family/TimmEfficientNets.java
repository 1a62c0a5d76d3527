package org.netdissect.architecture.family;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.netdissect.architecture.family.EfficientNets.Plan;
import org.netdissect.architecture.family.TimmBlocks.Block;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** MobileNet V2, MNASNet, EfficientNet and EfficientNet V2 with timm's names (timm/models/efficientnet.py). */
final class TimmEfficientNets implements Family {
    private static final int LAST = 1280;

    /** What the blocks of a kind of networks share. */
    private record Kind(ModuleSpec activation, boolean squeeze) {}

    private static final Kind MOBILENET = new Kind(Layers.relu6(), false);
    private static final Kind MNASNET = new Kind(Layers.relu(), false);
    private static final Kind EFFICIENTNET = new Kind(Layers.silu(), true);

    @Override
    public List<Architecture> known() {
        List<Architecture> known = new ArrayList<>();
        known.add(plain("mobilenetv2_035", mobileNetV2(0.35), MOBILENET, 224));
        known.add(plain("mobilenetv2_050", mobileNetV2(0.5), MOBILENET, 224));
        known.add(plain("mobilenetv2_075", mobileNetV2(0.75), MOBILENET, 224));
        known.add(plain("mobilenetv2_100", mobileNetV2(1), MOBILENET, 224));
        known.add(plain("mobilenetv2_140", mobileNetV2(1.4), MOBILENET, 224));
        known.add(plain("mnasnet_050", mnasNet(0.5), MNASNET, 224));
        known.add(plain("mnasnet_075", mnasNet(0.75), MNASNET, 224));
        known.add(plain("mnasnet_100", mnasNet(1), MNASNET, 224));
        known.add(plain("mnasnet_140", mnasNet(1.4), MNASNET, 224));
        addBoth(known, "efficientnet_b0", EfficientNets.scaled(1, 1), 224, 224);
        addBoth(known, "efficientnet_b1", EfficientNets.scaled(1, 1.1), 224, 240);
        addBoth(known, "efficientnet_b2", EfficientNets.scaled(1.1, 1.2), 256, 260);
        addBoth(known, "efficientnet_b3", EfficientNets.scaled(1.2, 1.4), 288, 300);
        addBoth(known, "efficientnet_b4", EfficientNets.scaled(1.4, 1.8), 320, 380);
        addBoth(known, "efficientnet_b5", EfficientNets.scaled(1.6, 2.2), 448, 456);
        addBoth(known, "efficientnet_b6", EfficientNets.scaled(1.8, 2.6), 528, 528);
        addBoth(known, "efficientnet_b7", EfficientNets.scaled(2, 3.1), 600, 600);
        addBoth(known, "efficientnetv2_s", new Plan(24, EfficientNets.V2_S, LAST), 288, 300);
        addBoth(known, "efficientnetv2_m", new Plan(24, EfficientNets.V2_M, LAST), 320, 384);
        addBoth(known, "efficientnetv2_l", new Plan(32, EfficientNets.V2_L, LAST), 384, 384);
        return known;
    }

    private static Architecture plain(String name, Plan plan, Kind kind, int side) {
        return TimmNames.plain(
                name, "classifier.weight", side, (blocks, classes) -> network(plan, kind, blocks, classes));
    }

    private static void addBoth(List<Architecture> known, String name, Plan plan, int side, int sideOfTensorFlow) {
        known.addAll(TimmNames.withTensorFlow(
                name,
                "classifier.weight",
                side,
                sideOfTensorFlow,
                (blocks, classes) -> network(plan, EFFICIENTNET, blocks, classes)));
    }

    private static Plan mobileNetV2(double width) {
        return new Plan(
                VisionLayers.scaled(32, width),
                scaled(MobileNetV2s.STAGES.stream(), width),
                VisionLayers.scaled(LAST, Math.max(1, width)));
    }

    private static Plan mnasNet(double width) {
        Stream<MobileStage> stages =
                Stream.concat(Stream.of(new MobileStage(1, 3, 1, 16, 1)), MnasNets.STAGES.stream());
        return new Plan(VisionLayers.scaled(32, width), scaled(stages, width), LAST);
    }

    private static List<MobileStage> scaled(Stream<MobileStage> stages, double width) {
        return stages.map(stage -> stage.scaled(width, 1)).toList();
    }

    private static ModuleSpec network(Plan plan, Kind kind, TimmBlocks blocks, int classes) {
        List<MobileStage> stages = plan.stages();
        int in = stages.get(stages.size() - 1).channels();
        return new ModuleBuilder("timm.models.efficientnet.EfficientNet")
                .child("conv_stem", blocks.stem(plan.first()))
                .child("bn1", blocks.norm(plan.first(), kind.activation()))
                .child("blocks", blocks.stages(plan.first(), blocks(plan, kind)))
                .child("conv_head", blocks.pointwise(in, plan.last()))
                .child("bn2", blocks.norm(plan.last(), kind.activation()))
                .child("global_pool", TimmLayers.globalPool(true))
                .child("classifier", Layers.linear(plan.last(), classes))
                .runAll()
                .build();
    }

    private static List<List<Block>> blocks(Plan plan, Kind kind) {
        int in = plan.first();
        List<List<Block>> all = new ArrayList<>();
        for (MobileStage stage : plan.stages()) {
            List<Block> blocks = new ArrayList<>();
            for (int i = 0; i < stage.blocks(); i++) {
                int inside = VisionLayers.scaled(in, stage.expansion());
                ModuleSpec squeeze = kind.squeeze() && !stage.fused()
                        ? TimmBlocks.squeezeExcite(inside, in / 4, kind.activation(), Layers.sigmoid())
                        : Layers.identity();
                blocks.add(new Block(
                        stage.fused(),
                        stage.kernel(),
                        i == 0 ? stage.stride() : 1,
                        inside,
                        stage.channels(),
                        squeeze,
                        kind.activation()));
                in = stage.channels();
            }
            all.add(blocks);
        }
        return all;
    }
}
