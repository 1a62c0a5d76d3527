package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;
import static org.netdissect.torchscript.assembly.ModuleBuilder.call;

import java.util.List;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.architecture.family.RegNets.Plan;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** RegNet X and Y with timm's names (timm/models/regnet.py). */
final class TimmRegNets implements Family {
    private static final String TYPE = "timm.models.regnet.";
    private static final String HEAD = "head.fc.weight";
    private static final double EPS = 1e-5;

    @Override
    public List<Architecture> known() {
        return RegNets.PLANS.entrySet().stream()
                .map(entry -> architecture(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Architecture architecture(String size, Plan plan) {
        return TimmNames.named(name(size), new Architecture(size, HEAD, classes -> network(plan, classes)));
    }

    /** The name, which counts in hundreds of megaflops: {@code regnetx_016} for {@code x_1_6gf}. */
    private static String name(String size) {
        double number = Double.parseDouble(size.substring(2, size.length() - 2).replace('_', '.'));
        long hundreds = Math.round(size.endsWith("gf") ? 10 * number : number / 100);
        return "regnet" + size.charAt(0) + "_"
                + "0".repeat(Math.max(0, 3 - Long.toString(hundreds).length())) + hundreds;
    }

    private static ModuleSpec network(Plan plan, int classes) {
        ModuleBuilder net = new ModuleBuilder(TYPE + "RegNet")
                .child("stem", TimmLayers.convNormAct(new Conv(3, RegNets.STEM, 3).stride(2), EPS, Layers.relu()));
        int in = RegNets.STEM;
        for (int i = 0; i < plan.blocks().size(); i++) {
            int width = plan.widths().get(i);
            ModuleBuilder stage = new ModuleBuilder(TYPE + "RegStage");
            for (int j = 0; j < plan.blocks().get(i); j++) {
                stage.child("b" + (j + 1), block(plan, in, width, j == 0 ? 2 : 1));
                in = width;
            }
            net.child("s" + (i + 1), stage.runAll().build());
        }
        return net.child("final_conv", Layers.identity())
                .child("head", TimmLayers.classifierHead(in, classes))
                .runAll()
                .build();
    }

    private static ModuleSpec block(Plan plan, int in, int width, int stride) {
        Conv middle = new Conv(width, width, 3).stride(stride).groups(plan.groups(width));
        boolean projected = in != width || stride != 1;
        return new ModuleBuilder(TYPE + "Bottleneck")
                .child("conv1", TimmLayers.convNormAct(new Conv(in, width, 1), EPS, Layers.relu()))
                .child("conv2", TimmLayers.convNormAct(middle, EPS, Layers.relu()))
                .child("se", plan.squeeze() ? squeeze(width, in / 4) : Layers.identity())
                .child("conv3", TimmLayers.convNormAct(new Conv(width, width, 1), EPS, Layers.identity()))
                .child("act3", Layers.relu())
                .child(
                        "downsample",
                        projected
                                ? TimmLayers.convNormAct(new Conv(in, width, 1).stride(stride), EPS, Layers.identity())
                                : Layers.identity())
                .child("drop_path", Layers.identity())
                .run("y", INPUT, "conv1", "conv2", "se", "conv3", "drop_path")
                .let("y", "torch.add(y, " + call("downsample", INPUT) + ")")
                .run("y", "y", "act3")
                .returns("y")
                .build();
    }

    private static ModuleSpec squeeze(int channels, int squeezed) {
        return new ModuleBuilder("timm.layers.squeeze_excite.SEModule")
                .child("fc1", new Conv(channels, squeezed, 1).build())
                .child("bn", Layers.identity())
                .child("act", Layers.relu())
                .child("fc2", new Conv(squeezed, channels, 1).build())
                .child("gate", Layers.sigmoid())
                .let("scale", "torch.mean(x, [2, 3], True)")
                .run("scale", "scale", "fc1", "bn", "act", "fc2", "gate")
                .returns("torch.mul(x, scale)")
                .build();
    }
}
