package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;
import static org.netdissect.torchscript.assembly.ModuleBuilder.call;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** RegNet X and Y with torchvision's names (torchvision/models/regnet.py). */
final class RegNets implements Family {
    private static final String TYPE = "torchvision.models.regnet.";
    private static final double EPS = 1e-5;
    static final int STEM = 32;
    private static final String LARGEST = "y_128gf";

    /**
     * Numbers of a network, as the line of widths in section 4 of the paper gives them.
     *
     * @param blocks by stage
     * @param widths by stage
     * @param group channels of a group, at most the stage's
     * @param squeeze whether blocks have squeeze and excitation (RegNet Y)
     */
    record Plan(List<Integer> blocks, List<Integer> widths, int group, boolean squeeze) {
        /** Groups of the 3 x 3 convolutions of a width. */
        int groups(int width) {
            return width / Math.min(group, width);
        }
    }

    /** Networks by name, without {@code regnet_}. */
    static final Map<String, Plan> PLANS = plans();

    private static Map<String, Plan> plans() {
        Map<String, Plan> plans = new LinkedHashMap<>();
        plans.put("x_400mf", x(List.of(1, 2, 7, 12), List.of(32, 64, 160, 400), 16));
        plans.put("x_800mf", x(List.of(1, 3, 7, 5), List.of(64, 128, 288, 672), 16));
        plans.put("x_1_6gf", x(List.of(2, 4, 10, 2), List.of(72, 168, 408, 912), 24));
        plans.put("x_3_2gf", x(List.of(2, 6, 15, 2), List.of(96, 192, 432, 1008), 48));
        plans.put("x_8gf", x(List.of(2, 5, 15, 1), List.of(80, 240, 720, 1920), 120));
        plans.put("x_16gf", x(List.of(2, 6, 13, 1), List.of(256, 512, 896, 2048), 128));
        plans.put("x_32gf", x(List.of(2, 7, 13, 1), List.of(336, 672, 1344, 2520), 168));
        plans.put("y_400mf", y(List.of(1, 3, 6, 6), List.of(48, 104, 208, 440), 8));
        plans.put("y_800mf", y(List.of(1, 3, 8, 2), List.of(64, 144, 320, 784), 16));
        plans.put("y_1_6gf", y(List.of(2, 6, 17, 2), List.of(48, 120, 336, 888), 24));
        plans.put("y_3_2gf", y(List.of(2, 5, 13, 1), List.of(72, 216, 576, 1512), 24));
        plans.put("y_8gf", y(List.of(2, 4, 10, 1), List.of(224, 448, 896, 2016), 56));
        plans.put("y_16gf", y(List.of(2, 4, 11, 1), List.of(224, 448, 1232, 3024), 112));
        plans.put("y_32gf", y(List.of(2, 5, 12, 1), List.of(232, 696, 1392, 3712), 232));
        plans.put(LARGEST, y(List.of(2, 7, 17, 1), List.of(528, 1056, 2904, 7392), 264));
        return Collections.unmodifiableMap(plans);
    }

    private static Plan x(List<Integer> blocks, List<Integer> widths, int group) {
        return new Plan(blocks, widths, group, false);
    }

    private static Plan y(List<Integer> blocks, List<Integer> widths, int group) {
        return new Plan(blocks, widths, group, true);
    }

    @Override
    public List<Architecture> known() {
        return PLANS.entrySet().stream()
                .map(entry -> architecture(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** The largest one was published for larger images only. */
    private static Architecture architecture(String size, Plan plan) {
        return new Architecture("regnet_" + size, "fc.weight", classes -> network(plan, classes))
                .withInput(size.equals(LARGEST) ? 384 : 224, false);
    }

    private static ModuleSpec network(Plan plan, int classes) {
        Map<String, ModuleSpec> stages = new LinkedHashMap<>();
        int in = STEM;
        for (int i = 0; i < plan.blocks().size(); i++) {
            stages.put("block" + (i + 1), stage(plan, i, in));
            in = plan.widths().get(i);
        }
        ModuleSpec stem = VisionLayers.convNormActivation(
                TYPE + "SimpleStemIN", new Conv(3, STEM, 3).stride(2), EPS, Layers.relu());
        return new ModuleBuilder(TYPE + "RegNet")
                .child("stem", stem)
                .child("trunk_output", Layers.sequential(stages))
                .child("avgpool", Layers.adaptiveAvgPool(1, 1))
                .child("fc", Layers.linear(in, classes))
                .run(INPUT, INPUT, "stem", "trunk_output", "avgpool")
                .let(INPUT, "torch.flatten(x, 1)")
                .run(INPUT, INPUT, "fc")
                .returns(INPUT)
                .build();
    }

    private static ModuleSpec stage(Plan plan, int index, int stageIn) {
        int in = stageIn;
        int width = plan.widths().get(index);
        ModuleBuilder stage = new ModuleBuilder(TYPE + "AnyStage");
        for (int i = 0; i < plan.blocks().get(index); i++) {
            stage.child("block" + (index + 1) + "-" + i, block(plan, in, width, i == 0 ? 2 : 1));
            in = width;
        }
        return stage.runAll().build();
    }

    private static ModuleSpec block(Plan plan, int in, int width, int stride) {
        ModuleBuilder block = new ModuleBuilder(TYPE + "ResBottleneckBlock");
        boolean projected = in != width || stride != 1;
        if (projected) {
            block.child("proj", VisionLayers.convNormActivation(new Conv(in, width, 1).stride(stride), EPS));
        }
        return block.child("f", transform(plan, in, width, stride))
                .child("activation", Layers.relu())
                .let("y", "torch.add(" + (projected ? call("proj", INPUT) : INPUT) + ", " + call("f", INPUT) + ")")
                .run("y", "y", "activation")
                .returns("y")
                .build();
    }

    private static ModuleSpec transform(Plan plan, int in, int width, int stride) {
        Conv middle = new Conv(width, width, 3).stride(stride).groups(plan.groups(width));
        ModuleBuilder transform = new ModuleBuilder(TYPE + "BottleneckTransform")
                .child("a", VisionLayers.convNormActivation(new Conv(in, width, 1), EPS, Layers.relu()))
                .child("b", VisionLayers.convNormActivation(middle, EPS, Layers.relu()));
        if (plan.squeeze()) {
            transform.child("se", VisionLayers.squeezeExcitation(width, in / 4, Layers.relu(), Layers.sigmoid()));
        }
        return transform
                .child("c", VisionLayers.convNormActivation(new Conv(width, width, 1), EPS))
                .runAll()
                .build();
    }
}
