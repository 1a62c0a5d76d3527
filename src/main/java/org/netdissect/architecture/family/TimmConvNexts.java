package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;
import static org.netdissect.torchscript.assembly.ModuleBuilder.call;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.architecture.family.ConvNexts.Plan;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** ConvNeXt with timm's names (timm/models/convnext.py). */
final class TimmConvNexts implements Family {
    private static final String TYPE = "timm.models.convnext.";
    private static final String HEAD = "head.fc.weight";

    @Override
    public List<Architecture> known() {
        return List.of(
                architecture("convnext_tiny", ConvNexts.TINY),
                architecture("convnext_small", ConvNexts.SMALL),
                architecture("convnext_base", ConvNexts.BASE),
                architecture("convnext_large", ConvNexts.LARGE));
    }

    private static Architecture architecture(String name, Plan plan) {
        return TimmNames.named(name, new Architecture(name, HEAD, classes -> network(plan, classes)));
    }

    private static ModuleSpec network(Plan plan, int classes) {
        int in = plan.channels().get(0);
        ModuleSpec stem = Layers.sequential(new Conv(3, in, 4).stride(4).build(), layerNorm(in));
        List<ModuleSpec> stages = new ArrayList<>();
        for (int i = 0; i < plan.blocks().size(); i++) {
            int channels = plan.channels().get(i);
            stages.add(stage(in, channels, plan.blocks().get(i)));
            in = channels;
        }
        return new ModuleBuilder(TYPE + "ConvNeXt")
                .child("stem", stem)
                .child("stages", Layers.sequential(stages))
                .child("norm_pre", Layers.identity())
                .child("head", head(in, classes))
                .runAll()
                .build();
    }

    private static ModuleSpec stage(int in, int channels, int count) {
        List<ModuleSpec> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(block(channels));
        }
        ModuleSpec halving = Layers.sequential(
                layerNorm(in), new Conv(in, channels, 2).stride(2).build());
        return new ModuleBuilder(TYPE + "ConvNeXtStage")
                .child("downsample", in == channels ? Layers.identity() : halving)
                .child("blocks", Layers.sequential(blocks))
                .runAll()
                .build();
    }

    private static ModuleSpec block(int channels) {
        return new ModuleBuilder(TYPE + "ConvNeXtBlock")
                .parameter("gamma", channels)
                .child(
                        "conv_dw",
                        new Conv(channels, channels, 7)
                                .padding(3)
                                .groups(channels)
                                .build())
                .child("norm", Layers.layerNorm(channels, ConvNexts.EPS))
                .child("mlp", TimmLayers.mlp(channels, 4 * channels))
                .child("shortcut", Layers.identity())
                .child("drop_path", Layers.identity())
                .run("y", INPUT, "conv_dw")
                .let("y", "torch.permute(y, [0, 2, 3, 1])")
                .run("y", "y", "norm", "mlp")
                .let("y", "torch.permute(y, [0, 3, 1, 2])")
                .let("y", "torch.mul(y, torch.reshape(self.gamma, [1, -1, 1, 1]))")
                .run("y", "y", "drop_path")
                .returns("torch.add(y, " + call("shortcut", INPUT) + ")")
                .build();
    }

    private static ModuleSpec head(int channels, int classes) {
        return new ModuleBuilder("timm.layers.classifier.NormMlpClassifierHead")
                .child("global_pool", TimmLayers.globalPool(false))
                .child("norm", layerNorm(channels))
                .child("flatten", Layers.flatten())
                .child("pre_logits", Layers.identity())
                .child("drop", Layers.dropout())
                .child("fc", Layers.linear(channels, classes))
                .runAll()
                .build();
    }

    private static ModuleSpec layerNorm(int channels) {
        return ConvNexts.layerNorm("timm.layers.norm.LayerNorm2d", channels);
    }
}
