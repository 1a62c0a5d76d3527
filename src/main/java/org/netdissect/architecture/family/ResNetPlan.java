package org.netdissect.architecture.family;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Numbers of a network of {@link ResNets}.
 *
 * @param blocks by stage
 * @param bottleneck whether blocks have three convolutions
 * @param groups of the 3 x 3 convolutions
 * @param width channels of the 3 x 3 convolutions in the first stage; they double from stage to stage
 * @param planes channels of the first convolution
 * @param in channels of the input
 */
record ResNetPlan(List<Integer> blocks, boolean bottleneck, int groups, int width, int planes, int in) {
    private static final int STAGES = 4;
    private static final int PLANES = 64;
    private static final int CHANNELS = 3;
    /** Keeps widths of the last stage and products of sizes far below overflow. */
    private static final int GREATEST = 1 << 14;

    /** torchvision's networks, by name. */
    static final Map<String, ResNetPlan> PUBLISHED = published();

    private static Map<String, ResNetPlan> published() {
        Map<String, ResNetPlan> plans = new LinkedHashMap<>();
        plans.put("resnet18", new ResNetPlan(List.of(2, 2, 2, 2), false, 1, PLANES, PLANES, CHANNELS));
        plans.put("resnet34", new ResNetPlan(List.of(3, 4, 6, 3), false, 1, PLANES, PLANES, CHANNELS));
        plans.put("resnet50", bottleneck(List.of(3, 4, 6, 3), 1, 64));
        plans.put("resnet101", bottleneck(List.of(3, 4, 23, 3), 1, 64));
        plans.put("resnet152", bottleneck(List.of(3, 8, 36, 3), 1, 64));
        plans.put("resnext50_32x4d", bottleneck(List.of(3, 4, 6, 3), 32, 4));
        plans.put("resnext101_32x8d", bottleneck(List.of(3, 4, 23, 3), 32, 8));
        plans.put("resnext101_64x4d", bottleneck(List.of(3, 4, 23, 3), 64, 4));
        plans.put("wide_resnet50_2", bottleneck(List.of(3, 4, 6, 3), 1, 128));
        plans.put("wide_resnet101_2", bottleneck(List.of(3, 4, 23, 3), 1, 128));
        return Collections.unmodifiableMap(plans);
    }

    /** Groups have {@code channels} channels in the first stage. */
    private static ResNetPlan bottleneck(List<Integer> blocks, int groups, int channels) {
        return new ResNetPlan(blocks, true, groups, groups * channels, PLANES, CHANNELS);
    }

    /** Channels of the output of a stage, from 0. */
    int out(int stage) {
        return (planes << stage) * (bottleneck ? 4 : 1);
    }

    /** The plan that a file's tensors suggest; the network may yet have other tensors. */
    static Optional<ResNetPlan> of(Map<String, List<Long>> sizes) {
        List<Integer> blocks = new ArrayList<>();
        for (int stage = 1; stage <= STAGES; stage++) {
            blocks.add(blocks(sizes, "layer" + stage + "."));
        }
        boolean bottleneck = sizes.containsKey("layer1.0.conv3.weight");
        int planes = size(sizes, "conv1.weight", 0);
        int in = size(sizes, "conv1.weight", 1);
        int width = size(sizes, "layer1.0.conv2.weight", 0);
        int inGroup = size(sizes, "layer1.0.conv2.weight", 1);
        if (blocks.contains(0) || planes == 0 || in == 0 || width == 0 || inGroup == 0 || width % inGroup != 0) {
            return Optional.empty();
        }
        return Optional.of(new ResNetPlan(blocks, bottleneck, width / inGroup, width, planes, in))
                .filter(plan -> plan.bottleneck() || (plan.groups() == 1 && plan.width() == plan.planes()));
    }

    private static int blocks(Map<String, List<Long>> sizes, String stage) {
        return (int) IntStream.iterate(0, i -> i + 1)
                .takeWhile(i -> sizes.containsKey(stage + i + ".conv1.weight"))
                .count();
    }

    /** A size of a convolution's weights, or 0 if there is none that a network could have. */
    private static int size(Map<String, List<Long>> sizes, String name, int dimension) {
        List<Long> all = sizes.getOrDefault(name, List.of());
        return all.size() == 4 && all.get(dimension) <= GREATEST
                ? Math.max(0, all.get(dimension).intValue())
                : 0;
    }

    /** Such as {@code resnet [3,4,23,3]}, with what is unlike torchvision's ResNets. */
    String name() {
        StringBuilder name = new StringBuilder("resnet " + blocks.toString().replace(" ", ""));
        if (!bottleneck) {
            name.append(" of basic blocks");
        }
        if (groups != 1) {
            name.append(", ").append(groups).append(" groups");
        }
        if (width != planes) {
            name.append(", width ").append(width);
        }
        if (planes != PLANES) {
            name.append(", from ").append(planes).append(" channels");
        }
        if (in != CHANNELS) {
            name.append(", input of ").append(in).append(in == 1 ? " channel" : " channels");
        }
        return name.toString();
    }
}
