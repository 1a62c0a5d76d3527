package org.netdissect.architecture.family;

import java.util.List;
import org.netdissect.torchscript.archive.ElementType;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.torchscript.assembly.TensorSlot;

/**
 * Attention within windows of a Swin transformer. Images are [image, row, column, channel]; {@code qkv} and {@code proj}
 * are never called, since PyTorch's code takes their tensors directly.
 *
 * @param shifted whether the windows lie half a window further
 * @param second whether attention is by cosine and a small network makes the position bias, as in the second version
 */
record WindowAttention(int channels, int heads, boolean shifted, boolean second) {
    private static final int FIRST_WINDOW = 7;
    private static final int SECOND_WINDOW = 8;
    private static final int BIAS_WIDTH = 512;

    private int side() {
        return second ? SECOND_WINDOW : FIRST_WINDOW;
    }

    private int places() {
        return side() * side();
    }

    /** Number of distances between two places along one axis. */
    private int distances() {
        return 2 * side() - 1;
    }

    ModuleSpec build() {
        ModuleBuilder module =
                new ModuleBuilder("torchvision.models.swin_transformer.ShiftedWindowAttention" + (second ? "V2" : ""));
        if (second) {
            module.parameter("logit_scale", heads, 1, 1)
                    .buffer("relative_coords_table", 1, distances(), distances(), 2);
        } else {
            module.parameter("relative_position_bias_table", (long) distances() * distances(), heads);
        }
        module.tensor(
                        "relative_position_index",
                        new TensorSlot(List.of((long) places() * places()), ElementType.LONG, false))
                .child("qkv", Layers.linear(channels, 3 * channels))
                .child("proj", Layers.linear(channels, channels));
        if (second) {
            module.child(
                    "cpb_mlp",
                    Layers.sequential(
                            Layers.linear(2, BIAS_WIDTH), Layers.relu(), Layers.linear(BIAS_WIDTH, heads, false)));
        }
        addWindows(module);
        addWeights(module);
        addBias(module);
        if (shifted) {
            addMask(module);
        }
        addResult(module);
        return module.build();
    }

    /** Pads images to whole windows, rolls them where windows are shifted, and cuts them: [window, place, channel]. */
    private void addWindows(ModuleBuilder module) {
        module.let("rows", "torch.floordiv(torch.add(torch.size(x, 1), " + (side() - 1) + "), " + side() + ")")
                .let("columns", "torch.floordiv(torch.add(torch.size(x, 2), " + (side() - 1) + "), " + side() + ")")
                .let("height", "torch.mul(rows, " + side() + ")")
                .let("width", "torch.mul(columns, " + side() + ")")
                .let("below", "torch.sub(height, torch.size(x, 1))")
                .let("right", "torch.sub(width, torch.size(x, 2))")
                .let("y", "torch.constant_pad_nd(x, [0, 0, 0, right, 0, below], 0)");
        if (shifted) {
            // a single window along an axis stays where it is
            module.let("down", "ops.prim.min(" + side() / 2 + ", torch.sub(height, " + side() + "))")
                    .let("across", "ops.prim.min(" + side() / 2 + ", torch.sub(width, " + side() + "))")
                    .let("y", "torch.roll(y, [torch.neg(down), torch.neg(across)], [1, 2])");
        }
        module.let("y", "torch.reshape(y, [-1, rows, " + side() + ", columns, " + side() + ", " + channels + "])")
                .let("y", "torch.permute(y, [0, 1, 3, 2, 4, 5])")
                .let("y", "torch.reshape(y, [-1, " + places() + ", " + channels + "])");
    }

    /** Computes similarities of places, [window, head, place, place]. */
    private void addWeights(ModuleBuilder module) {
        String bias = "self.qkv.bias";
        if (second) {
            // keys have no bias whatever the file holds
            module.let("query_bias", "torch.slice(self.qkv.bias, 0, 0, " + channels + ", 1)")
                    .let("value_bias", "torch.slice(self.qkv.bias, 0, " + 2 * channels + ", " + 3 * channels + ", 1)")
                    .let("bias", "torch.cat([query_bias, torch.zeros_like(query_bias), value_bias], 0)");
            bias = "bias";
        }
        module.let("qkv", "torch.linear(y, self.qkv.weight, " + bias + ")")
                .let("qkv", "torch.reshape(qkv, [-1, " + places() + ", 3, " + heads + ", " + channels / heads + "])")
                .let("qkv", "torch.permute(qkv, [2, 0, 3, 1, 4])")
                .let("q", "torch.select(qkv, 0, 0)")
                .let("k", "torch.select(qkv, 0, 1)");
        if (second) {
            module.let("q", normalized("q"))
                    .let("k", normalized("k"))
                    .let("weights", "torch.matmul(q, torch.transpose(k, -2, -1))")
                    .let("scale", "torch.exp(torch.clamp_max(self.logit_scale, " + Math.log(100) + "))")
                    .let("weights", "torch.mul(weights, scale)");
        } else {
            module.let("q", "torch.mul(q, " + Math.pow((double) channels / heads, -0.5) + ")")
                    .let("weights", "torch.matmul(q, torch.transpose(k, -2, -1))");
        }
    }

    /** A value over its length along the last dimension, as {@code torch.nn.functional.normalize} has it. */
    private static String normalized(String value) {
        return "torch.div(" + value + ", torch.clamp_min(torch.norm(" + value + ", 2, [-1], True), 1e-12))";
    }

    private void addBias(ModuleBuilder module) {
        if (second) {
            module.run("table", "self.relative_coords_table", "cpb_mlp")
                    .let("table", "torch.view(table, [-1, " + heads + "])");
        } else {
            module.let("table", "self.relative_position_bias_table");
        }
        module.let("near", "torch.index_select(table, 0, self.relative_position_index)")
                .let("near", "torch.view(near, [" + places() + ", " + places() + ", -1])")
                .let("near", "torch.unsqueeze(torch.permute(near, [2, 0, 1]), 0)");
        if (second) {
            module.let("near", "torch.mul(torch.sigmoid(near), 16)");
        }
        module.let("weights", "torch.add(weights, near)");
    }

    /** Keeps places apart that only the roll made neighbours: regions are numbered, and pairs of two regions masked. */
    private void addMask(ModuleBuilder module) {
        module.let("down_regions", regions("height", "down"))
                .let("across_regions", regions("width", "across"))
                .let("down_regions", "torch.view(torch.mul(down_regions, 3), [rows, 1, " + side() + ", 1])")
                .let("across_regions", "torch.view(across_regions, [1, columns, 1, " + side() + "])")
                .let("region", "torch.reshape(torch.add(down_regions, across_regions), [-1, " + places() + "])")
                .let("other", "torch.sub(torch.unsqueeze(region, 1), torch.unsqueeze(region, 2))")
                .let("mask", "torch.masked_fill(other, torch.ne(other, 0), -100.)")
                .let("mask", "torch.unsqueeze(torch.unsqueeze(mask, 1), 0)")
                .let(
                        "weights",
                        "torch.reshape(weights, [-1, torch.mul(rows, columns), " + heads + ", " + places() + ", "
                                + places() + "])")
                .let("weights", "torch.add(weights, mask)")
                .let("weights", "torch.reshape(weights, [-1, " + heads + ", " + places() + ", " + places() + "])");
    }

    /** The region of each place along an axis: before the last window, in it, or rolled in from the other side. */
    private String regions(String length, String shift) {
        return "torch.cat([torch.new_zeros(x, [torch.sub(" + length + ", " + side()
                + ")]), torch.new_ones(x, [torch.sub(" + side() + ", " + shift + ")]), torch.new_full(x, [" + shift
                + "], 2)], 0)";
    }

    private void addResult(ModuleBuilder module) {
        module.let("y", "torch.matmul(torch.softmax(weights, -1), torch.select(qkv, 0, 2))")
                .let("y", "torch.reshape(torch.transpose(y, 1, 2), [-1, " + places() + ", " + channels + "])")
                .let("y", "torch.linear(y, self.proj.weight, self.proj.bias)")
                .let("y", "torch.reshape(y, [-1, rows, columns, " + side() + ", " + side() + ", " + channels + "])")
                .let("y", "torch.permute(y, [0, 1, 3, 2, 4, 5])")
                .let("y", "torch.reshape(y, [-1, height, width, " + channels + "])");
        if (shifted) {
            module.let("y", "torch.roll(y, [down, across], [1, 2])");
        }
        module.let("y", "torch.slice(torch.slice(y, 1, 0, torch.size(x, 1), 1), 2, 0, torch.size(x, 2), 1)")
                .returns("torch.contiguous(y)");
    }
}
