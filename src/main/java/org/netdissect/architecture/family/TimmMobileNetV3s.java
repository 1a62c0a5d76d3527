package org.netdissect.architecture.family;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.architecture.family.MobileNetV3s.Row;
import org.netdissect.architecture.family.TimmBlocks.Block;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** MobileNet V3 with timm's names; batch norms have another epsilon than torchvision's (timm/models/mobilenetv3.py). */
final class TimmMobileNetV3s implements Family {
    @Override
    public List<Architecture> known() {
        List<Architecture> known = new ArrayList<>();
        known.addAll(both("mobilenetv3_large_100", MobileNetV3s.LARGE, 1280));
        known.addAll(both("mobilenetv3_small_100", MobileNetV3s.SMALL, 1024));
        return known;
    }

    private static List<Architecture> both(String name, List<Row> rows, int last) {
        return TimmNames.withTensorFlow(
                name, "classifier.weight", 224, 224, (blocks, classes) -> network(rows, last, blocks, classes));
    }

    private static ModuleSpec network(List<Row> rows, int last, TimmBlocks blocks, int classes) {
        int first = MobileNetV3s.FIRST;
        List<List<Block>> stages = stages(rows);
        int pooled = stages.get(stages.size() - 1).get(0).out();
        return new ModuleBuilder("timm.models.mobilenetv3.MobileNetV3")
                .child("conv_stem", blocks.stem(first))
                .child("bn1", blocks.norm(first, Layers.hardswish()))
                .child("blocks", blocks.stages(first, stages))
                .child("global_pool", TimmLayers.globalPool(false))
                .child("conv_head", new Conv(pooled, last, 1).build())
                .child("act2", Layers.hardswish())
                .child("flatten", Layers.flatten())
                .child("classifier", Layers.linear(last, classes))
                .runAll()
                .build();
    }

    /** The rows of the published table, those of the same width in one stage, and a last convolution. */
    private static List<List<Block>> stages(List<Row> rows) {
        List<List<Block>> stages = new ArrayList<>();
        int in = 0;
        for (Row row : rows) {
            if (row.out() != in) {
                stages.add(new ArrayList<>());
            }
            in = row.out();
            ModuleSpec squeeze = row.squeeze()
                    ? TimmBlocks.squeezeExcite(row.inside(), row.squeezed(), Layers.relu(), Layers.hardsigmoid())
                    : Layers.identity();
            stages.get(stages.size() - 1)
                    .add(new Block(
                            false, row.kernel(), row.stride(), row.inside(), row.out(), squeeze, row.activation()));
        }
        stages.add(List.of(new Block(true, 1, 1, in, 6 * in, Layers.identity(), Layers.hardswish())));
        return stages;
    }
}
