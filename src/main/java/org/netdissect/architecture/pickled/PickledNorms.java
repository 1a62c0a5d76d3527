package org.netdissect.architecture.pickled;

import java.util.List;
import java.util.Map;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Norms of torch.nn as a pickle has them (torch/nn/modules/batchnorm.py, instancenorm.py, normalization.py). */
final class PickledNorms {
    private PickledNorms() {}

    static void addTo(Map<String, PickledLayer.Reader> layers) {
        for (String name : List.of("BatchNorm1d", "BatchNorm2d", "SyncBatchNorm")) {
            layers.put(name, PickledNorms::batchNorm);
        }
        for (String name : List.of("InstanceNorm1d", "InstanceNorm2d")) {
            layers.put(name, PickledNorms::instanceNorm);
        }
        layers.put("GroupNorm", layer -> {
            ModuleBuilder builder = layer.builder();
            return builder.returns("torch.group_norm(x, " + layer.whole("num_groups") + ", " + affine(layer, builder)
                            + ", " + layer.real("eps") + ", True)")
                    .build();
        });
        layers.put("LayerNorm", layer -> {
            ModuleBuilder builder = layer.builder();
            return builder.returns("torch.layer_norm(x, " + shape(layer) + ", " + affine(layer, builder) + ", "
                            + layer.real("eps") + ", True)")
                    .build();
        });
        layers.put("LocalResponseNorm", PickledNorms::localResponseNorm);
    }

    private static String affine(PickledLayer layer, ModuleBuilder builder) {
        return layer.parameter(builder, "weight") + ", " + layer.parameter(builder, "bias");
    }

    private static List<Long> shape(PickledLayer layer) {
        return layer.list("normalized_shape");
    }

    private static ModuleSpec batchNorm(PickledLayer layer) {
        if (layer.sizes("running_mean").isEmpty() || layer.sizes("running_var").isEmpty()) {
            throw layer.refused("it has no running statistics, so that an image's units depend on its batch");
        }
        ModuleBuilder builder = layer.builder();
        String affine = affine(layer, builder);
        return builder.returns("torch.batch_norm(x, " + affine + ", " + layer.buffer(builder, "running_mean") + ", "
                        + layer.buffer(builder, "running_var") + ", False, 0.1, " + layer.real("eps") + ", True)")
                .build();
    }

    private static ModuleSpec instanceNorm(PickledLayer layer) {
        ModuleBuilder builder = layer.builder();
        String affine = affine(layer, builder);
        String mean = layer.buffer(builder, "running_mean");
        String variance = layer.buffer(builder, "running_var");
        // without running statistics, each image's own are taken
        String own = mean.equals("None") ? "True" : "False";
        return builder.returns("torch.instance_norm(x, " + affine + ", " + mean + ", " + variance + ", " + own
                        + ", 0.1, " + layer.real("eps") + ", True)")
                .build();
    }

    /** Divides by a power of the mean square over neighbouring channels. */
    private static ModuleSpec localResponseNorm(PickledLayer layer) {
        long size = layer.whole("size");
        return layer.builder()
                .let("squares", "torch.unsqueeze(torch.mul(x, x), 1)")
                .let(
                        "padded",
                        "torch.constant_pad_nd(squares, [0, 0, 0, 0, " + size / 2 + ", " + (size - 1) / 2 + "], 0)")
                .let("means", "torch.squeeze(torch.avg_pool3d(padded, [" + size + ", 1, 1], [1, 1, 1]), 1)")
                .let(
                        "scale",
                        "torch.pow(torch.add(torch.mul(means, " + layer.real("alpha") + "), " + layer.real("k") + "), "
                                + layer.real("beta") + ")")
                .returns("torch.div(x, scale)")
                .build();
    }
}
